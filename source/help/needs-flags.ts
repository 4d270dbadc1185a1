/** needsFlags are those that prewarm and offline share. */
export const needsFlags = `  --platform P      for this platform, as linux/arm64; may be given more than once (without it that of go env)
  --no-tests        go build only, not go test and go vet
  --no-tools        without the tools of go.mod
  --archive DIR     copy what is needed to a new folder that serves as GOPROXY=file://DIR on another machine, with a
                    manifest of h1 sums; go lists all packages through it alone, to prove it
  --from DIR        take such an archive in first: every sum is held against its manifest and go.sum before`;
