package report

import (
	"strings"
	"testing"

	"example.com/harbour/berth"
	"example.com/harbour/schedule"
)

func TestText(t *testing.T) {
	var b strings.Builder
	err := Text(&b, []schedule.Stay{{Ship: berth.Ship{Name: "Ida", Speed: 12}, Berth: 3, Leaves: "04:15"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Ida   3      04:15   12.0 kn"; !strings.Contains(b.String(), want) {
		t.Errorf("Text prints\n%s\nwithout %q", b.String(), want)
	}
}
