// Package schedule gives every ship a berth.
package schedule

import (
	"sort"
	"time"

	"example.com/harbour/berth"
	"example.org/clockwork"
)

// A Stay is one ship at one berth.
type Stay struct {
	Ship   berth.Ship `json:"ship"`
	Berth  int        `json:"berth"`
	Leaves string     `json:"leaves"`
}

// Make plans a day; the ship that is deepest chooses last.
func Make(day time.Time, ships []berth.Ship) ([]Stay, error) {
	ships = append([]berth.Ship(nil), ships...)
	sort.Slice(ships, func(i, j int) bool { return ships[i].Draught < ships[j].Draught })

	taken := map[int]bool{}
	var plan []Stay
	for _, ship := range ships {
		b, when, err := berth.For(ship, day, taken)
		if err != nil {
			return nil, err
		}
		taken[b.Number] = true
		plan = append(plan, Stay{Ship: ship, Berth: b.Number, Leaves: clockwork.Clock(when.Sub(day))})
	}
	return plan, nil
}
