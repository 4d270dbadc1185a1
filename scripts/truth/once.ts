import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { TruthModule } from './modules.ts';
import type { Scenario } from './scenarios.ts';

/** TruthRun is what we said of one build, and what go said of the same. */
export type TruthRun = {
  readonly report: Report;
  readonly graph: readonly GraphAction[];
  readonly isVet: boolean;
  /** stderr is go's own: `# p` stands above what a tool said about p. */
  readonly stderr: string;
};

export type Report = {
  readonly exitCode: number;
  readonly packages: readonly {
    readonly importPath: string;
    readonly outcome: string;
    readonly evidence: string;
  }[];
  readonly links: readonly { readonly importPath: string; readonly outcome: string }[];
  readonly problems: readonly unknown[];
};

/** GraphAction is one action of -debug-actiongraph (cmd/go/internal/work: actionJSON, go1.26). */
export type GraphAction = {
  readonly Mode: string;
  readonly ID: number;
  readonly Deps?: readonly number[] | null;
  readonly Package?: string;
  readonly Cmd?: readonly string[] | null;
  readonly ActionID?: string;
};

const bin = resolve(import.meta.dirname, '..', '..', 'bin', 'gocachetop.js');
const broken = '\nfunc brokenOnPurpose() int { return "no number" }\n';
let edits = 0;

/** runOnce does a scenario's edit and its build, under gocachetop; undefined when the build wrote no graph. */
export function runOnce(module: TruthModule, scenario: Scenario): TruthRun | undefined {
  edit(module, scenario.edit);
  const graphFile = join(dirname(module.directory), 'graph.json');
  rmSync(graphFile, { force: true });
  const [subcommand = '', ...rest] = scenario.args;
  const ran = spawnSync(
    process.execPath,
    [bin, 'report', '--json', '--', 'go', subcommand, `-debug-actiongraph=${graphFile}`, ...rest],
    {
      cwd: module.directory,
      env: {
        ...process.env,
        XDG_STATE_HOME: join(dirname(module.directory), 'state'),
        ...module.environment,
        ...scenario.environment,
      },
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    },
  );
  if (!existsSync(graphFile)) {
    process.stdout.write(
      `    ${scenario.name}: no graph was written: ${ran.stderr.trim().split('\n').at(-1)}\n`,
    );
    return undefined;
  }
  if (ran.stdout === '') throw new Error(`${scenario.name}: no report: ${ran.stderr.slice(-2000)}`);
  return {
    report: JSON.parse(ran.stdout),
    graph: JSON.parse(readFileSync(graphFile, 'utf8')),
    isVet: subcommand === 'vet',
    stderr: ran.stderr,
  };
}

function edit(module: TruthModule, what: Scenario['edit']): void {
  edits += 1;
  if (what === 'leaf') appendFileSync(module.leaf, `\nvar editedLeaf${edits} = ${edits}\n`);
  if (what === 'root') appendFileSync(module.root, `\nvar editedRoot${edits} = ${edits}\n`);
  if (what === 'comment') appendFileSync(module.leaf, `\n// a comment ${edits}\n`);
  if (what === 'error') appendFileSync(module.leaf, broken);
  if (what === 'repair') writeFileSync(module.leaf, readFileSync(module.leaf, 'utf8').replace(broken, ''));
  if (what === 'fresh') rmSync(module.environment.GOCACHE ?? '', { recursive: true, force: true });
}
