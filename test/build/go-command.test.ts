import { describe, expect, test } from 'vitest';
import { buildSubcommands, type GoCommand, parseGoCommand } from '../../source/build/go-command.ts';

describe('parseGoCommand knows the go command by its name', () => {
  test.each<[string, boolean, string?]>([
    ['go', true],
    ['/usr/local/go/bin/go', true],
    ['go1.26.8', true, 'as golang.org/dl installs it'],
    ['/home/dev/go/bin/go1.27rc1', true],
    ['gotip', true],
    ['go.exe', true],
    ['C:\\Go\\bin\\GO.exe', false, 'a capital name is another file where names are told apart'],
    ['gofmt', false],
    ['gopls', false],
    ['make', false],
    ['./go.sh', false],
    ['', false],
  ])('%s: %s', (program, isGo) => {
    expect(parseGoCommand([program, 'build']) !== undefined).toBe(isGo);
  });

  test('no words are no command', () => {
    expect(parseGoCommand([])).toBeUndefined();
  });
});

const plain: GoCommand = {
  subcommand: 'build',
  directory: undefined,
  buildFlags: [],
  patterns: [],
  output: undefined,
  isDryRun: false,
  isCoverLocal: false,
  isCoverPackages: false,
  printsCommands: false,
  turnsCommandsOff: false,
  keepsWork: false,
};

describe('parseGoCommand parts flags from packages', () => {
  test.each<[string, Partial<GoCommand>, string?]>([
    ['go build', {}],
    ['go build ./...', { patterns: ['./...'] }],
    ['go build -v -o bin/app ./cmd/app', { output: 'bin/app', patterns: ['./cmd/app'] }],
    ['go build -o=bin/app .', { output: 'bin/app', patterns: ['.'] }],
    ['go build -tags a,b -race ./...', { buildFlags: ['-tags=a,b', '-race'], patterns: ['./...'] }],
    ['go build --tags=a --race=false', { buildFlags: ['--tags=a', '--race=false'] }, 'two dashes'],
    ['go build -ldflags -s ./a', { buildFlags: ['-ldflags=-s'], patterns: ['./a'] }, 'a value with a dash'],
    ['go build ./a -race', { patterns: ['./a', '-race'] }, 'build stops at the first word that is no flag'],
    ['go build -p 4 -a -buildvcs=false ./a', { patterns: ['./a'] }, 'what list need not know'],
    ['go build -x ./a', { printsCommands: true, patterns: ['./a'] }],
    ['go build -x=false ./a', { turnsCommandsOff: true, patterns: ['./a'] }],
    ['go build -x -x=false', { turnsCommandsOff: true }, 'the last one decides'],
    ['go build -x=false -x', { printsCommands: true }],
    ['go build -n ./a', { isDryRun: true, patterns: ['./a'] }],
    ['go build -n=0', {}],
    ['go build -work ./a', { keepsWork: true, patterns: ['./a'] }],
    ['go build -- -strange', { patterns: ['-strange'] }],
    ['go -C sub build .', { directory: 'sub', patterns: ['.'] }],
    ['go build -C sub .', { directory: 'sub', patterns: ['.'] }],
    ['go build -C=sub .', { directory: 'sub', patterns: ['.'] }],
    [
      'go install -trimpath example.com/a@latest',
      { subcommand: 'install', buildFlags: ['-trimpath'], patterns: ['example.com/a@latest'] },
    ],
    ['go build -cover ./...', { buildFlags: ['-cover'], isCoverLocal: true, patterns: ['./...'] }],
    ['go vet ./...', { subcommand: 'vet', patterns: ['./...'] }],
    ['go vet -vettool /bin/mine ./a', { subcommand: 'vet', patterns: ['./a'] }],
    ['go vet -printf=false ./a', { subcommand: 'vet', patterns: ['./a'] }],
    ['go version', { subcommand: 'version' }],
    ['go', { subcommand: '' }],
  ])('%s', (line, expected) => {
    expect(parseGoCommand(line.split(' '))).toEqual({ ...plain, ...expected });
  });

  test.each<[string, Partial<GoCommand>, string?]>([
    ['go run .', { patterns: ['.'] }],
    ['go run . -race ./x', { patterns: ['.'] }, 'the rest is the program’s'],
    [
      'go run -race a.go b.go c d.go',
      { buildFlags: ['-race'], patterns: ['a.go', 'b.go'] },
      'files up to the first other word',
    ],
    ['go run -exec time ./cmd arg', { patterns: ['./cmd'] }],
    [
      'go run example.com/tool@v1.2.0 -x',
      { patterns: ['example.com/tool@v1.2.0'] },
      'its -x is the program’s',
    ],
  ])('%s', (line, expected) => {
    expect(parseGoCommand(line.split(' '))).toEqual({ ...plain, subcommand: 'run', ...expected });
  });

  test.each<[string, Partial<GoCommand>, string?]>([
    ['go test', {}],
    ['go test ./...', { patterns: ['./...'] }],
    ['go test -run X -count 1 ./a ./b', { patterns: ['./a', './b'] }],
    ['go test ./a -run X -v', { patterns: ['./a'] }, 'flags may follow packages'],
    ['go test ./a -race', { buildFlags: ['-race'], patterns: ['./a'] }],
    ['go test ./a -run X ./b', { patterns: ['./a'] }, 'packages stand together; more is the test program’s'],
    ['go test -test.run X ./a', { patterns: ['./a'] }, 'as the test program names it'],
    ['go test ./a -args -race ./b', { patterns: ['./a'] }, 'behind -args all is the test program’s'],
    ['go test -golden ./a', {}, 'an unknown flag may take the word as its value'],
    ['go test -golden=1 ./a', {}, 'and after one, Go takes no packages any more'],
    ['go test ./a -golden ./b', { patterns: ['./a'] }],
    ['go test ./a -golden x -race', { buildFlags: ['-race'], patterns: ['./a'] }, 'flags of go may follow'],
    ['go test ./a -golden=x y -race', { patterns: ['./a'] }, 'a word that can be no value ends them'],
    ['go test -json -short -vet off ./a', { patterns: ['./a'] }],
    ['go test -c -o a.test ./a', { output: 'a.test', patterns: ['./a'] }],
    ['go test -cover ./a', { buildFlags: ['-cover'], isCoverLocal: true, patterns: ['./a'] }],
    ['go test -cover=false ./a', { buildFlags: ['-cover=false'], patterns: ['./a'] }],
    ['go test -coverprofile c.out ./a', { isCoverLocal: true, patterns: ['./a'] }],
    [
      'go test -coverpkg ./... ./a',
      { buildFlags: ['-coverpkg=./...'], isCoverPackages: true, patterns: ['./a'] },
    ],
    ['go test -exec xprog -timeout 5s -parallel 4 ./a', { patterns: ['./a'] }],
    ['go test -C sub -x ./a', { directory: 'sub', printsCommands: true, patterns: ['./a'] }],
  ])('%s', (line, expected) => {
    expect(parseGoCommand(line.split(' '))).toEqual({ ...plain, subcommand: 'test', ...expected });
  });
});

test('the subcommands whose packages go list can tell', () => {
  expect([...buildSubcommands].toSorted()).toEqual(['build', 'install', 'run', 'test', 'vet']);
});
