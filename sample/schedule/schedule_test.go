package schedule

import (
	"testing"
	"time"

	"example.com/harbour/berth"
)

func TestMakeGivesEachBerthOnce(t *testing.T) {
	plan, err := Make(time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC), []berth.Ship{
		{Name: "Frieda", Draught: 6}, {Name: "Gerda", Draught: 2}, {Name: "Hanna", Draught: 4},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]string{}
	for _, stay := range plan {
		if other, ok := seen[stay.Berth]; ok {
			t.Errorf("%s and %s share berth %d", other, stay.Ship.Name, stay.Berth)
		}
		seen[stay.Berth] = stay.Ship.Name
	}
}
