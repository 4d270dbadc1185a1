package berth_test

import (
	"testing"
	"time"

	"example.com/harbour/berth"
)

func TestFor(t *testing.T) {
	now := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	got, _, err := berth.For(berth.Ship{Name: "Dora", Draught: 3}, now, map[int]bool{1: true})
	if err != nil || got.Number != 2 {
		t.Errorf("For gives berth %d, %v; want 2", got.Number, err)
	}
	if _, _, err := berth.For(berth.Ship{Name: "Emma", Draught: 30}, now, nil); err == nil {
		t.Error("For finds a berth for a draught of 30 m")
	}
}
