// Package tide tells the height of the water.
package tide

import (
	"math"
	"time"
)

const (
	// period is that of the principal lunar tide.
	period = 12*time.Hour + 25*time.Minute + 14*time.Second

	mean      = 5.0 // metres
	amplitude = 2.4 // metres
)

var epoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// Height returns the height of the water at t, in metres.
func Height(t time.Time) float64 {
	turns := float64(t.Sub(epoch)) / float64(period)
	return mean + amplitude*math.Cos(2*math.Pi*turns)
}

// NextAbove returns the first quarter of an hour from t at which the water is at least height metres high.
func NextAbove(t time.Time, height float64) (time.Time, bool) {
	for end := t.Add(period); t.Before(end); t = t.Add(15 * time.Minute) {
		if Height(t) >= height {
			return t, true
		}
	}
	return time.Time{}, false
}
