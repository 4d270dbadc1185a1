// Package berth has the places of the harbour and the ships that fit.
package berth

import (
	"fmt"
	"time"

	"example.com/harbour/knots"
	"example.com/harbour/tide"
)

// A Ship wants a place.
type Ship struct {
	Name    string      `json:"name"`
	Draught float64     `json:"draught"` // metres below the water
	Speed   knots.Knots `json:"speed"`
}

// A Berth is one place at the quay.
type Berth struct {
	Number int
	Sill   float64 // metres of ground above the chart's zero
}

// All lists the berths, the deepest last.
var All = []Berth{{1, 2.0}, {2, 0.8}, {3, -1.5}}

// For returns the shallowest berth that the ship can leave within a tide from now, and when.
func For(ship Ship, now time.Time, taken map[int]bool) (Berth, time.Time, error) {
	for _, b := range All {
		if taken[b.Number] {
			continue
		}
		if when, ok := tide.NextAbove(now, b.Sill+ship.Draught); ok {
			return b, when, nil
		}
	}
	return Berth{}, time.Time{}, fmt.Errorf("no berth is deep enough for %s", ship.Name)
}
