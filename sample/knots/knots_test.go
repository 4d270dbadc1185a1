package knots

import "testing"

func TestFromMetresPerSecond(t *testing.T) {
	if got := FromMetresPerSecond(10).String(); got != "19.4 kn" {
		t.Errorf("10 m/s are %s, want 19.4 kn", got)
	}
}
