// Package report prints a plan.
package report

import (
	_ "embed"
	"encoding/json"
	"io"
	"strconv"
	"text/template"

	"example.com/harbour/schedule"
	"example.org/Quay/columns"
)

//go:embed plan.tmpl
var planTemplate string

var text = template.Must(template.New("plan").Parse(planTemplate))

// Text prints a table.
func Text(w io.Writer, plan []schedule.Stay) error {
	rows := [][]string{{"ship", "berth", "leaves", "speed"}}
	for _, stay := range plan {
		rows = append(rows, []string{stay.Ship.Name, strconv.Itoa(stay.Berth), stay.Leaves, stay.Ship.Speed.String()})
	}
	return text.Execute(w, columns.Align(rows))
}

// JSON prints the plan for a program.
func JSON(w io.Writer, plan []schedule.Stay) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(plan)
}
