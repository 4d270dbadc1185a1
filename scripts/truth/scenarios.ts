/** Scenario is one build of a module, after an edit; they run in this order, in one GOCACHE. */
export type Scenario = {
  readonly name: string;
  /** args of the go command; the graph flag is put behind the first. */
  readonly args: readonly string[];
  /** edit is done before: a change of code, or an error, in the leaf or the root, or a fresh GOCACHE. */
  readonly edit?: 'leaf' | 'root' | 'comment' | 'error' | 'repair' | 'fresh';
  readonly environment?: Readonly<Record<string, string>>;
  /** for names the only module that has it. */
  readonly for?: string;
};

export const scenarios: readonly Scenario[] = [
  { name: 'build cold', args: ['build', './...'], edit: 'fresh' },
  { name: 'build warm', args: ['build', './...'] },
  { name: 'build after a comment', args: ['build', './...'], edit: 'comment' },
  { name: 'build after an edit at a leaf', args: ['build', './...'], edit: 'leaf' },
  { name: 'build after an edit at the root', args: ['build', './...'], edit: 'root' },
  { name: 'test first', args: ['test', './...'] },
  { name: 'test again', args: ['test', './...'] },
  { name: 'test after an edit at a leaf', args: ['test', './...'], edit: 'leaf' },
  { name: 'test -run -count=1', args: ['test', '-run', 'None', '-count=1', './...'] },
  { name: 'vet', args: ['vet', './...'] },
  { name: 'vet after an edit at a leaf', args: ['vet', './...'], edit: 'leaf' },
  { name: 'vet cold', args: ['vet', './...'], edit: 'fresh' },
  { name: 'build -race', args: ['build', '-race', './...'] },
  { name: 'build -race after an edit', args: ['build', '-race', './...'], edit: 'leaf' },
  { name: 'test -race', args: ['test', '-race', './...'], for: 'sample' },
  { name: 'test -cover', args: ['test', '-cover', './...'] },
  { name: 'test -cover after an edit', args: ['test', '-cover', './...'], edit: 'leaf' },
  { name: 'test -coverpkg=./...', args: ['test', '-coverpkg=./...', './...'], for: 'sample' },
  { name: 'build -cover', args: ['build', '-cover', './...'], for: 'sample' },
  { name: 'build -a', args: ['build', '-a', './...'], for: 'sample' },
  { name: 'build -trimpath', args: ['build', '-trimpath', './...'], for: 'sample' },
  { name: 'build -tags', args: ['build', '-tags=x,y', './...'], for: 'sample' },
  { name: 'build CGO_ENABLED=0', args: ['build', './...'], environment: { CGO_ENABLED: '0' }, for: 'sample' },
  { name: 'build GOARCH=arm64', args: ['build', './...'], environment: { GOARCH: 'arm64' }, for: 'sample' },
  { name: 'build with an error', args: ['build', './...'], edit: 'error' },
  { name: 'build with an error again', args: ['build', './...'] },
  { name: 'test with an error', args: ['test', './...'] },
  { name: 'vet with an error', args: ['vet', './...'] },
  { name: 'test -cover with an error', args: ['test', '-cover', './...'] },
  { name: 'build repaired', args: ['build', './...'], edit: 'repair' },
];
