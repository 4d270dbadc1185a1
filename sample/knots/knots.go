// Package knots converts speeds. With a C compiler the conversion is in C, without one in Go.
package knots

import "strconv"

// Knots is a speed in nautical miles per hour.
type Knots float64

// FromMetresPerSecond converts a speed.
func FromMetresPerSecond(speed float64) Knots { return Knots(fromMetresPerSecond(speed)) }

func (k Knots) String() string { return strconv.FormatFloat(float64(k), 'f', 1, 64) + " kn" }
