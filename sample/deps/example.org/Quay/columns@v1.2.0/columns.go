// Package columns aligns text. The capital letter in its path is on purpose: module caches write it as !quay.
package columns

import "strings"

// Align returns one line per row, with the cells of each column below one another.
func Align(rows [][]string) []string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if n := len([]rune(cell)); n > widths[i] {
				widths[i] = n
			}
		}
	}
	var lines []string
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[i]-len([]rune(cell))+2))
		}
		lines = append(lines, strings.TrimRight(line.String(), " "))
	}
	return lines
}
