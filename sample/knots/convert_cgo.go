//go:build cgo

package knots

/*
static double from_metres_per_second(double speed) {
	return speed * 3600.0 / 1852.0;
}
*/
import "C"

func fromMetresPerSecond(speed float64) float64 {
	return float64(C.from_metres_per_second(C.double(speed)))
}
