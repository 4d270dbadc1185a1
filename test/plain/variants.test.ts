import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Case, compare } from './compare.ts';
import { type Files, openSandbox, run, type Sandbox, writeFiles } from './sandbox.ts';

/** app is a program that imports one library, with a test. */
const app: Files = {
  'go.mod': 'module example.com/app\n\ngo 1.21\n',
  'main.go': `package main

import (
	"fmt"
	"os"

	"example.com/app/lib"
)

func main() {
	fmt.Println(lib.Name, os.Args[1:])
	fmt.Fprintln(os.Stderr, "on stderr")
	if len(os.Args) > 1 {
		os.Exit(3)
	}
}
`,
  'lib/lib.go': 'package lib\n\nconst Name = "lib"\n',
  'lib/lib_test.go':
    'package lib\n\nimport "testing"\n\nfunc TestName(t *testing.T) { t.Log(Name) }\n\nfunc TestOther(t *testing.T) {}\n',
};

/** repository and committed make a folder a git repository whose files are all committed, at a fixed time. */
function repository(folder: string): readonly (readonly string[])[] {
  return [['git', 'init', '--quiet', folder]];
}

function committed(folder: string): readonly (readonly string[])[] {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
  const commit = `GIT_COMMITTER_DATE=2026-01-01T00:00:00Z git ${who.join(' ')} commit -qm x --date=2026-01-01T00:00:00Z`;
  return [
    ['git', '-C', folder, 'add', '.'],
    ['sh', '-c', `cd ${folder} && ${commit}`],
  ];
}

let warm: Sandbox;

beforeAll(async () => {
  warm = openSandbox();
  const folder = writeFiles(warm, 'warming', {
    'go.mod': 'module example.com/warming\n\ngo 1.21\n',
    'w.go': 'package main\n\nimport (\n\t"fmt"\n\t_ "embed"\n)\n\nfunc main() { fmt.Println() }\n',
    'w_test.go': 'package main\n\nimport "testing"\n\nfunc TestW(t *testing.T) {}\n',
  });
  await run(['go', 'test', '.'], { cwd: folder, environment: warm.environment });
}, 240_000);

afterAll(() => warm.dispose());

/** Wanted says what must be so besides that nothing changes. */
type Wanted = {
  readonly code?: number;
  readonly stdout?: RegExp;
  readonly stderr?: RegExp;
  readonly summary?: RegExp;
};

const cases: readonly (readonly [string, Omit<Case, 'files'> & { readonly files?: Files }, Wanted])[] = [
  ['go build ./...', { words: ['go', 'build', './...'] }, { code: 0, summary: /2 compiled {3}0 failed/ }],
  [
    'go build ./... that matches nothing',
    { words: ['go', 'build', './...'], files: { 'go.mod': 'module example.com/empty\n\ngo 1.21\n' } },
    { code: 0, stderr: /matched no packages/, summary: /no packages: go had nothing to build/ },
  ],
  [
    'packages with all files excluded',
    {
      words: ['go', 'build', '.'],
      files: { 'go.mod': 'module example.com/none\n\ngo 1.21\n', 'a.go': '//go:build never\n\npackage a\n' },
    },
    { code: 1, stderr: /build constraints exclude all Go files/ },
  ],
  ['single files', { words: ['go', 'build', '-o', 'x', 'main.go'] }, { code: 0, summary: /2 compiled/ }],
  [
    '-o, up to date',
    { words: ['go', 'build', '-o', 'x', '.'], before: [['go', 'build', '-o', 'x', '.']] },
    { code: 0, summary: /x is up to date: go ran nothing\n.*links: 0 ran, 1 skipped/ },
  ],
  ['go install', { words: ['go', 'install', './...'] }, { code: 0, summary: /links: 1 ran/ }],
  [
    'go run with arguments, and its exit code',
    { words: ['go', 'run', '.', 'a b', '-x'] },
    { code: 1, stdout: /lib \[a b -x\]/, stderr: /exit status 3/ },
  ],
  ['go run, cached', { words: ['go', 'run', '.'], before: [['go', 'run', '.']] }, { code: 0, stdout: /lib/ }],
  ['go vet', { words: ['go', 'vet', './...'] }, { code: 0 }],
  [
    'go vet that finds something',
    {
      words: ['go', 'vet', './...'],
      files: {
        ...app,
        'lib/bad.go': 'package lib\n\nimport "fmt"\n\nfunc Bad() { fmt.Printf("%d", "x") }\n',
      },
    },
    { code: 1, stderr: /wrong type/ },
  ],
  [
    'go generate that calls go run',
    {
      words: ['go', 'generate', './...'],
      files: {
        ...app,
        'lib/gen.go': 'package lib\n\n//go:generate go run ..\n//go:generate sh -c "echo hi; echo ho >&2"\n',
      },
    },
    { code: 0, stdout: /lib/ },
  ],
  [
    'go fmt',
    { words: ['go', 'fmt', './...'], files: { ...app, 'lib/ugly.go': 'package lib\nvar   X=1\n' } },
    { code: 0, stdout: /lib\/ugly\.go/ },
  ],
  ['go clean', { words: ['go', 'clean', '-i', './...'] }, { code: 0 }],
  ['go clean -cache', { words: ['go', 'clean', '-cache'] }, { code: 0 }],
  ['go clean -x, which prints', { words: ['go', 'clean', '-x', '.'] }, { code: 0, stdout: /rm -f/ }],
  ['go version', { words: ['go', 'version'] }, { code: 0, stdout: /go version/ }],
  ['go env', { words: ['go', 'env', 'GOOS', 'GOCACHE'] }, { code: 0 }],
  ['go list', { words: ['go', 'list', '-deps', './lib'] }, { code: 0, stdout: /app\/lib/ }],
  ['go list -export', { words: ['go', 'list', '-export', '-f', '{{.ImportPath}}', './...'] }, { code: 0 }],
  ['go mod tidy', { words: ['go', 'mod', 'tidy'] }, { code: 0 }],
  ['go mod graph', { words: ['go', 'mod', 'graph'] }, { code: 0 }],
  ['go help', { words: ['go', 'help', 'build'] }, { code: 0, stdout: /usage: go build/ }],
  ['go alone', { words: ['go'] }, { code: 2, stderr: /Go is a tool/ }],
  ['go tool', { words: ['go', 'tool', 'compile', '-V'] }, { code: 0 }],
  ['go doc', { words: ['go', 'doc', './lib'] }, { code: 0 }],
  ['an unknown subcommand of go', { words: ['go', 'bild'] }, { code: 2, stderr: /unknown command/ }],
  [
    'an unknown flag of go',
    { words: ['go', 'build', '-nope', '.'] },
    { code: 2, stderr: /flag provided but not defined/ },
  ],
  [
    'make with several go commands',
    {
      words: ['make'],
      files: { ...app, Makefile: 'all:\n\tgo build -o x .\n\tgo vet ./...\n\t@echo made\n\tgo test ./lib\n' },
    },
    { code: 0, stdout: /made/ },
  ],
  [
    'make -j that fails',
    { words: ['make', '-j2', 'bad'], files: { ...app, Makefile: 'bad:\n\tgo build ./missing\n' } },
    { code: 2 },
  ],
  [
    'a shell script with several go commands',
    { words: ['sh', '-c', 'go build ./lib && go vet ./lib; echo between; go test -count=1 ./lib; exit 9'] },
    { code: 9, stdout: /between/ },
  ],
  [
    'several at once',
    { words: ['sh', '-c', 'go build ./lib & go build -o x . & wait; echo both'] },
    { code: 0, stdout: /both/, summary: /2 compiled/ },
  ],
  [
    '-n',
    { words: ['go', 'build', '-n', './lib'] },
    { code: 0, stderr: /mkdir -p \$WORK/, summary: /-n: go printed the commands and ran none/ },
  ],
  [
    '-x of the user',
    { words: ['go', 'build', '-x', './...'], isUnordered: true },
    { code: 0, stderr: /WORK=/, summary: /2 compiled/ },
  ],
  [
    '-x in GOFLAGS',
    { words: ['go', 'build', './lib'], environment: { GOFLAGS: '-x' } },
    { code: 0, stderr: /WORK=/, summary: /1 compiled/ },
  ],
  ['-x=false of the user', { words: ['go', 'build', '-x=false', './lib'] }, { code: 0 }],
  ['-v', { words: ['go', 'build', '-v', './...'] }, { code: 0, stderr: /^example\.com\/app\/lib$/m }],
  [
    '-work',
    { words: ['sh', '-c', 'go build -work ./lib; rm -r $TMPDIR/go-build*'] },
    { code: 0, stderr: /^WORK=\S+go-build\d+\n$/ },
  ],
  [
    '-work in GOFLAGS',
    {
      words: ['sh', '-c', 'go build ./lib; rm -r $TMPDIR/go-build*'],
      environment: { GOFLAGS: '-work' },
    },
    { code: 0, stderr: /^WORK=\S+go-build\d+\n$/ },
  ],
  [
    'other flags in GOFLAGS',
    {
      words: ['go', 'build', '-o', 'x', './...'],
      environment: { GOFLAGS: "-tags=a,b '-ldflags=-s -w' -trimpath" },
    },
    { code: 1 },
  ],
  [
    'GOFLAGS that go cannot read',
    { words: ['go', 'build'], environment: { GOFLAGS: '"-tags' } },
    { code: 1, stderr: /GOFLAGS/ },
  ],
  [
    'GOFLAGS with an unknown flag',
    { words: ['go', 'build'], environment: { GOFLAGS: '-nope' } },
    { code: 1, stderr: /unknown flag/ },
  ],
  [
    'a vendored module with -mod=vendor',
    {
      words: ['go', 'build', '-mod=vendor', './...'],
      files: {
        'go.mod': 'module example.com/v\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n',
        'main.go': 'package main\n\nimport "example.com/dep"\n\nfunc main() { dep.F() }\n',
        'vendor/modules.txt': '# example.com/dep v1.0.0\n## explicit; go 1.21\nexample.com/dep\n',
        'vendor/example.com/dep/dep.go': 'package dep\n\nfunc F() {}\n',
      },
    },
    { code: 0, summary: /2 compiled/ },
  ],
  [
    'a workspace',
    {
      words: ['go', 'build', './one', './two'],
      files: {
        'go.work': 'go 1.21\n\nuse (\n\t./one\n\t./two\n)\n',
        'one/go.mod': 'module example.com/one\n\ngo 1.21\n',
        'one/one.go': 'package one\n\nimport _ "example.com/two"\n',
        'two/go.mod': 'module example.com/two\n\ngo 1.21\n',
        'two/two.go': 'package two\n',
      },
    },
    { code: 0, summary: /2 packages.*2 compiled/ },
  ],
  [
    'embed',
    {
      words: ['go', 'build', './...'],
      files: {
        'go.mod': 'module example.com/e\n\ngo 1.21\n',
        'e.go': 'package e\n\nimport _ "embed"\n\n//go:embed text.txt\nvar Text string\n',
        'text.txt': 'EOF\nWORK=/tmp/go-build1\n',
      },
    },
    { code: 0, summary: /1 compiled/ },
  ],
  [
    'assembly',
    {
      words: ['go', 'build', './...'],
      files: {
        'go.mod': 'module example.com/s\n\ngo 1.21\n',
        's.go': 'package s\n\nfunc Answer() int64\n',
        's_amd64.s':
          '#include "textflag.h"\n\nTEXT ·Answer(SB), NOSPLIT, $0-8\n\tMOVQ $42, ret+0(FP)\n\tRET\n',
        's_other.go': '//go:build !amd64\n\npackage s\n',
      },
    },
    { summary: /1 compiled|1 failed/ },
  ],
  [
    'an error of the assembler',
    {
      words: ['go', 'build', './...'],
      files: {
        'go.mod': 'module example.com/s\n\ngo 1.21\n',
        's.go': 'package s\n\nfunc Answer() int64\n',
        's.s': '#include "textflag.h"\n\nTEXT ·Answer(SB), NOSPLIT, $0-8\n\tNONSENSE\n\tRET\n',
      },
    },
    { code: 1, summary: /1 failed/ },
  ],
  [
    'compile errors in two packages',
    {
      words: ['go', 'build', './...'],
      files: {
        ...app,
        'lib/bad.go': 'package lib\n\nvar x int = "s"\n',
        'other/o.go': 'package other\n\nvar y = z\n',
      },
      isUnordered: true,
    },
    { code: 1, stderr: /undefined: z/, summary: /2 failed {3}1 not reached/ },
  ],
  [
    'a compile error under -json',
    {
      words: ['go', 'build', '-json', './...'],
      files: { ...app, 'lib/bad.go': 'package lib\n\nvar x int = "<s>&"\n' },
    },
    { code: 1, stdout: /build-fail/, summary: /1 failed/ },
  ],
  [
    'a syntax error',
    { words: ['go', 'build', './...'], files: { ...app, 'lib/bad.go': 'package lib\n\nfunc {\n' } },
    { code: 1 },
  ],
  [
    'a vet error in a test',
    {
      words: ['go', 'test', './...'],
      files: {
        ...app,
        'lib/more_test.go':
          'package lib\n\nimport "testing"\n\nfunc TestV(t *testing.T) { t.Logf("%d", "s") }\n',
      },
    },
    { code: 1, stdout: /FAIL/ },
  ],
  [
    'a link error',
    {
      words: ['go', 'build', '-o', 'x', '.'],
      files: {
        ...app,
        'lib/missing.go':
          'package lib\n\nimport _ "unsafe"\n\n//go:linkname missing example.com/nowhere.missing\nfunc missing()\n\nfunc Call() { missing() }\n',
        'lib/empty.s': '',
        'call.go': 'package main\n\nimport "example.com/app/lib"\n\nfunc init() { lib.Call() }\n',
      },
    },
    { code: 1, stderr: /relocation target/ },
  ],
  [
    'a panic in a test',
    {
      words: ['go', 'test', './...'],
      files: {
        ...app,
        'lib/panic_test.go': 'package lib\n\nimport "testing"\n\nfunc TestP(t *testing.T) { panic("no") }\n',
      },
    },
    { code: 1, stdout: /panic: no/ },
  ],
  [
    'a test that prints what looks like -x',
    {
      words: ['go', 'test', '-v', '-count=1', './lib'],
      files: {
        ...app,
        'lib/like_test.go': `package lib

import (
	"fmt"
	"os"
	"testing"
)

func TestLike(t *testing.T) {
	fmt.Println("WORK=/tmp/go-build123\\nmkdir -p $WORK/b001/\\ncd /\\nrm -rf $WORK/b001/")
	fmt.Fprintln(os.Stderr, "mkdir -p $WORK/b001/\\n# internal\\ncat >$WORK/b001/vet.cfg << 'EOF' # internal\\nx\\nEOF")
}
`,
      },
    },
    { code: 0, stdout: /rm -rf \$WORK\/b001/ },
  ],
  [
    'go test -run X -count=1',
    { words: ['go', 'test', '-run', 'Other', '-count=1', './...'] },
    { code: 0, stdout: /ok /, summary: /tests: 1 ran, 0 cached/ },
  ],
  [
    'go test, cached',
    { words: ['go', 'test', './...'], before: [['go', 'test', './...']] },
    { code: 0, stdout: /\(cached\)/, summary: /tests: 0 ran, 1 cached/ },
  ],
  [
    'go test -json',
    { words: ['go', 'test', '-json', './...'], isUnordered: true },
    { code: 0, stdout: /"Action":"pass"/, summary: /tests: 1 ran/ },
  ],
  [
    'go test -json with a compile error',
    {
      words: ['go', 'test', '-json', './lib'],
      files: { ...app, 'lib/bad_test.go': 'package lib\n\nvar x int = "s"\n' },
    },
    { code: 1, stdout: /build-output/ },
  ],
  ['go test -c', { words: ['go', 'test', '-c', '-o', 'x.test', './lib'] }, { code: 0 }],
  ['go test -cover', { words: ['go', 'test', '-cover', './lib'] }, { code: 0, stdout: /coverage:/ }],
  [
    'go test -args',
    { words: ['go', 'test', './lib', '-args', '-x', '-n'] },
    { code: 1, stdout: /not defined: -x/ },
  ],
  ['go test -o', { words: ['go', 'test', '-o', 'x.test', './lib'] }, { code: 0, stdout: /ok/ }],
  [
    'go test -o, cached',
    { words: ['go', 'test', '-o', 'x.test', './lib'], before: [['go', 'test', '-o', 'x.test', './lib']] },
    { code: 0, stdout: /\(cached\)/ },
  ],
  ['go test -exec', { words: ['go', 'test', '-exec', 'env A=b', './lib'] }, { code: 0, stdout: /ok/ }],
  ['go run -exec', { words: ['go', 'run', '-exec', 'env A=b', '.'] }, { code: 0, stdout: /lib/ }],
  [
    'an error of the external linker',
    { words: ['go', 'build', '-o', 'x', '-ldflags=-linkmode=external -extldflags=-lnowhere', '.'] },
    { code: 1, stderr: /cannot find -lnowhere/ },
  ],
  [
    'pgo',
    {
      words: [
        'sh',
        '-c',
        'go test -cpuprofile p.pgo -o x.test ./lib >/dev/null && go build -pgo p.pgo ./lib; echo $?',
      ],
    },
    { code: 0, stdout: /^0$/m },
  ],
  ['stdin', { words: ['cat'], input: Buffer.from([0, 1, 255, 10, 13, 10, 65]) }, { code: 0 }],
  [
    'output that is not UTF-8, without a line end',
    { words: ['sh', '-c', "printf '\\377\\376a\\r\\nb\\000\\200'; printf '\\200\\nx\\rWORK=\\377' >&2"] },
    { code: 0 },
  ],
  ['a command that is not go, with a signal', { words: ['sh', '-c', 'echo a; kill -TERM $$'] }, {}],
  [
    'a program in a git repository, which is stamped',
    { words: ['go', 'build', '-o', 'x', '.'], before: [...repository('.'), ...committed('.')] },
    { code: 0, summary: /2 compiled/ },
  ],
  [
    'go install in a git repository, which is stamped before WORK is there',
    { words: ['go', 'install', '.'], before: [...repository('.'), ...committed('.')] },
    { code: 0, summary: /2 compiled/ },
  ],
  [
    'a script that prints cd, and go list in a git repository',
    {
      words: [
        'sh',
        '-c',
        'echo cd /tmp >&2; echo git status --porcelain >&2; go list -deps . >/dev/null; echo cd .',
      ],
      before: [...repository('.'), ...committed('.')],
    },
    { code: 0, stderr: /^cd \/tmp\ngit status --porcelain\n$/, stdout: /^cd \.\n$/ },
  ],
  [
    'a module straight from its repository',
    {
      words: [
        'sh',
        '-c',
        'export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=url.file://$PWD/far.insteadOf GIT_CONFIG_VALUE_0=https://example.com/far; go get example.com/far.git/near@v1.0.0 && go build ./...',
      ],
      files: {
        'go.mod': 'module example.com/app\n\ngo 1.21\n',
        'main.go': 'package main\n\nimport "example.com/far.git/near"\n\nfunc main() { near.F() }\n',
        'far/near/go.mod': 'module example.com/far.git/near\n\ngo 1.21\n',
        'far/near/near.go': 'package near\n\nfunc F() {}\n',
      },
      before: [...repository('far'), ...committed('far'), ['git', '-C', 'far', 'tag', 'near/v1.0.0']],
      environment: { GOPROXY: 'direct', GONOSUMDB: '*' },
    },
    { code: 0, stderr: /^go: (?:downloading|added|upgraded)/m, summary: /2 compiled/ },
  ],
  ['-C of go', { words: ['go', '-C', 'lib', 'build', '.'] }, { code: 0, summary: /1 compiled/ }],
  ['go build -C', { words: ['go', 'build', '-C', 'lib', '.'] }, { code: 0, summary: /1 compiled/ }],
  [
    'not in a module',
    { words: ['go', 'build', './...'], files: { 'a.go': 'package a\n' } },
    { code: 1, stderr: /does not contain main module/ },
  ],
  [
    'one file, not in a module',
    { words: ['go', 'run', 'a.go'], files: { 'a.go': 'package main\n\nfunc main() { println("hi") }\n' } },
    { code: 0, stderr: /hi/ },
  ],
];

describe('stdout, stderr and exit code are as without us:', () => {
  test.each(cases)('%s', async (_, given, wanted) => {
    const { plain, summary } = await compare(warm, { files: app, ...given });
    if (wanted.code !== undefined) expect(plain.code).toBe(wanted.code);
    if (wanted.stdout !== undefined) expect(plain.stdout.toString()).toMatch(wanted.stdout);
    if (wanted.stderr !== undefined) expect(plain.stderr.toString()).toMatch(wanted.stderr);
    if (wanted.summary !== undefined) expect(summary).toMatch(wanted.summary);
    expect(summary).not.toMatch(/\n {4}at |internal error|analysis/);
  });
});
