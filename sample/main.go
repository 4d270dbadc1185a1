// Harbour prints which ships lie at which berth and when they can leave. It is the sample that gocachetop builds.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"example.com/harbour/berth"
	"example.com/harbour/knots"
	"example.com/harbour/report"
	"example.com/harbour/schedule"
)

func main() {
	asJSON := flag.Bool("json", false, "print JSON")
	flag.Parse()

	day := time.Date(2026, time.March, 1, 6, 0, 0, 0, time.UTC)
	plan, err := schedule.Make(day, []berth.Ship{
		{Name: "Alma", Draught: 4.2, Speed: knots.FromMetresPerSecond(5.1)},
		{Name: "Bertha", Draught: 6.8, Speed: knots.FromMetresPerSecond(7.7)},
		{Name: "Carla", Draught: 2.1, Speed: knots.FromMetresPerSecond(9.3)},
	})
	if err == nil && *asJSON {
		err = report.JSON(os.Stdout, plan)
	} else if err == nil {
		err = report.Text(os.Stdout, plan)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "harbour:", err)
		os.Exit(1)
	}
}
