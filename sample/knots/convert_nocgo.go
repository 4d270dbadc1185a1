//go:build !cgo

package knots

func fromMetresPerSecond(speed float64) float64 { return speed * 3600 / 1852 }
