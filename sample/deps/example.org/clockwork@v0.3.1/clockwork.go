// Package clockwork writes durations as a clock does.
package clockwork

import (
	"fmt"
	"time"
)

// Clock returns the time that has passed as hh:mm.
func Clock(passed time.Duration) string {
	minutes := int(passed / time.Minute)
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}
