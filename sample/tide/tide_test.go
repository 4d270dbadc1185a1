package tide

import (
	"testing"
	"time"
)

func TestHeightRepeats(t *testing.T) {
	at := time.Date(2026, time.March, 1, 6, 0, 0, 0, time.UTC)
	if now, later := Height(at), Height(at.Add(period)); now-later > 1e-6 || later-now > 1e-6 {
		t.Errorf("Height is %v, one period later %v", now, later)
	}
}

func TestNextAbove(t *testing.T) {
	at := time.Date(2026, time.March, 1, 6, 0, 0, 0, time.UTC)
	if when, ok := NextAbove(at, 7); !ok || Height(when) < 7 {
		t.Errorf("NextAbove gives %v, %v", when, ok)
	}
	if _, ok := NextAbove(at, mean+amplitude+1); ok {
		t.Error("NextAbove finds water that never comes")
	}
}
