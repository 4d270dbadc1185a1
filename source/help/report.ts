import { commonFlags } from './flags.ts';

export const reportHelp = `gocachetop report: run a command and sum up what came from GOCACHE and what was compiled

usage:
  gocachetop report [flags] -- COMMAND [ARG...]

The command's output comes through as it is; the summary follows on stderr.

${commonFlags}
examples:
  gocachetop report -- go build ./...
  gocachetop report --json -- go test -race ./... > report.json
  gocachetop report --json-stream -- make | jq -c 'select(.event == "package")'
`;
