// The oracle answers with Go's own code what our rules must say too.
// It reads a JSON array of calls and prints a JSON array of answers.
package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/zip"
	"oracle/gover"
	"oracle/quoted"
)

type call struct {
	Fn   string
	Args []string
}

func main() {
	var calls []call
	if err := json.NewDecoder(os.Stdin).Decode(&calls); err != nil {
		panic(err)
	}
	answers := make([]any, 0, len(calls))
	for _, c := range calls {
		answers = append(answers, answer(c.Fn, c.Args))
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}

func answer(fn string, args []string) any {
	switch fn {
	case "split":
		words, err := quoted.Split(args[0])
		if words == nil {
			words = []string{}
		}
		return map[string]any{"words": words, "fault": text(err)}
	case "join":
		joined, err := quoted.Join(args)
		return map[string]any{"goflags": joined, "failed": err != nil}
	case "match":
		matched, err := path.Match(args[0], args[1])
		if err != nil {
			return nil
		}
		return matched
	case "prefix":
		return module.MatchPrefixPatterns(args[0], args[1])
	case "escape":
		escaped, err := module.EscapePath(args[0])
		return orNull(escaped, err)
	case "unescape":
		path, err := module.UnescapePath(args[0])
		return orNull(path, err)
	case "check":
		err := module.CheckPath(args[0])
		if err == nil {
			return nil
		}
		return err.(*module.InvalidPathError).Err.Error()
	case "splitVersion":
		prefix, major, ok := module.SplitPathVersion(args[0])
		if !ok {
			return nil
		}
		return []string{prefix, major}
	case "valid":
		return semver.IsValid(args[0])
	case "compare":
		return semver.Compare(args[0], args[1])
	case "pseudo":
		return module.IsPseudoVersion(args[0])
	case "gover":
		return gover.Compare(args[0], args[1])
	case "parseURL":
		_, err := url.Parse(args[0])
		return text(err)
	case "verifier":
		_, err := note.NewVerifier(args[0])
		return text(err)
	case "redacted":
		u, err := url.Parse(args[0])
		if err != nil {
			return nil
		}
		return u.Redacted()
	case "hashZip":
		_, err := zip.CheckZip(module.Version{Path: args[0], Version: args[1]}, args[2])
		if err != nil {
			return map[string]any{"h1": nil, "fault": err.Error()}
		}
		h1, err := dirhash.HashZip(args[2], dirhash.Hash1)
		return map[string]any{"h1": h1, "fault": text(err)}
	case "hashDir":
		h1, err := dirhash.HashDir(args[0], args[1], dirhash.Hash1)
		return map[string]any{"h1": h1, "fault": text(err)}
	}
	panic(fmt.Sprintf("unknown call %q", fn))
}

func text(err error) any {
	if err == nil {
		return nil
	}
	return err.Error()
}

func orNull(s string, err error) any {
	if err != nil {
		return nil
	}
	return s
}
