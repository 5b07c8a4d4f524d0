package main

import (
	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var errHelp = pflag.ErrHelp

// nearestFlag is the flag that a misspelt one was probably meant to be; empty if none is near.
func nearestFlag(cmd *cobra.Command, name string) string {
	best, distance := "", 4
	near := func(f *pflag.Flag) {
		if d := levenshtein.ComputeDistance(name, f.Name); d < distance && d < len(name) {
			best, distance = f.Name, d
		}
	}
	cmd.Flags().VisitAll(near)
	cmd.InheritedFlags().VisitAll(near)
	return best
}
