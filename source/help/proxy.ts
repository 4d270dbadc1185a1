import { commonFlags } from './flags.ts';

export const proxyHelp = `gocachetop proxy: the GOPROXY chain, and the way of a module through it

usage:
  gocachetop proxy [--json]                         ask every hop at once whether it is there
  gocachetop proxy MODULE[@VERSION] [flags]         where would this module come from: each request as go would make it
  gocachetop proxy [MODULE] --what-if NAME=VALUE    what other settings would change; nobody is asked
  gocachetop proxy --conformance URL [MODULE@VERSION]  can go use this server as GOPROXY: all that it must do
  gocachetop proxy --sumdb [MODULE@VERSION]         is the checksum database of the settings there, and is it honest

It parses GOPROXY and the patterns as go does, asks with the same certificates, proxies and credentials, and says hop by
hop what was asked, what came, by which rule go goes on or stops, who serves the module, and whether the checksum database
is asked. Without VERSION it is latest; v1, <v2.0.0, a branch or a commit are found as go finds them; toolchain@go1.26.0
is the toolchain. GOMODCACHE is not looked into: it is the way of a module that is not there yet. Version control (direct)
is named and not run.

  --what-if NAME=VALUE  try another GOPROXY, GOPRIVATE, GONOPROXY, GOSUMDB, GONOSUMDB, GOINSECURE, GOVCS: which modules of
                        go.mod would go another way, before and after. Several may be given
  --plan                say what go would ask, and ask nobody
  --send-private        ask hops outside even for a module that looks private. Without it such a module is never told to
                        them: its host is not public, or a pattern of GOPRIVATE misses it by little
  --conformance URL     ask a server (https, http or file) for all that go asks a GOPROXY, and for what is only custom: list,
                        .info, .mod, .zip, @latest, escaped paths, what it has not, HEAD, Range, caching, the checksum
                        database. Asked for MODULE@VERSION, else for one that go.mod needs or GOMODCACHE has. Private
                        modules are not named to public servers. Exit code 1 when something that go needs is wrong
  --sumdb               ask the checksum database as go would, through a proxy that mirrors it or itself; prove its tree
                        head by signature and tiles to be of one log with the one that go keeps, and the record of one
                        module; and tell where settings go past it. Exit code 1 when any of it fails

${commonFlags}
examples:
  gocachetop proxy
  gocachetop proxy github.com/google/uuid
  gocachetop proxy corp.example/team/tool@v1.4.0 --plan
  gocachetop proxy --what-if GOPRIVATE=github.com/acme/* --what-if GOPROXY=https://proxy.example,direct
  gocachetop proxy golang.org/x/text@v0.21.0 --json
  gocachetop proxy --conformance https://goproxy.example
  gocachetop proxy --sumdb golang.org/x/text@v0.21.0

exit code: 0 the module can be had (without one: every hop answers as it should), 1 not, 2 for a wrong command line
`;
