import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ProxyModule, writeProxyModules } from '../../../scripts/module-proxy.ts';

type Files = Readonly<Record<string, string>>;

/**
 * cabinModules are what the cabin needs, each for another reason: `Lamp` by an import, `wick` behind it, `ledger` for the
 * module graph alone, `gauge` for a test, `shutters` on Windows, `chisel` as a tool and `steel` behind that.
 */
const cabinModules: Readonly<Record<string, Files>> = {
  'example.org/Lamp@v1.2.0': {
    'go.mod': 'module example.org/Lamp\n\ngo 1.21\n\nrequire example.org/wick v0.4.0\n',
    'lamp.go':
      'package lamp\n\nimport "example.org/wick/thread"\n\nfunc Light() string { return thread.Of("lamp") }\n',
  },
  'example.org/wick@v0.4.0': {
    'go.mod': 'module example.org/wick\n\ngo 1.21\n\nrequire example.org/ledger v0.1.0\n',
    'thread/thread.go': 'package thread\n\nfunc Of(what string) string { return what + " of thread" }\n',
    'store/store.go': 'package store\n\nimport "example.org/ledger"\n\nvar Pages = ledger.Pages\n',
  },
  'example.org/ledger@v0.1.0': {
    'go.mod': 'module example.org/ledger\n\ngo 1.21\n',
    'ledger.go': 'package ledger\n\nconst Pages = 3\n',
  },
  'example.org/gauge@v1.0.0': {
    'go.mod': 'module example.org/gauge\n\ngo 1.21\n',
    'gauge.go': 'package gauge\n\nfunc Same(one, other string) bool { return one == other }\n',
  },
  'example.org/shutters@v1.1.0': {
    'go.mod': 'module example.org/shutters\n\ngo 1.21\n',
    'shutters.go': 'package shutters\n\nconst Closed = "closed"\n',
  },
  'example.org/chisel@v0.9.0': {
    'go.mod': 'module example.org/chisel\n\ngo 1.21\n\nrequire example.org/steel v1.0.0\n',
    'cmd/chisel/main.go':
      'package main\n\nimport "example.org/steel"\n\nfunc main() { println(steel.Edge) }\n',
  },
  'example.org/steel@v1.0.0': {
    'go.mod': 'module example.org/steel\n\ngo 1.21\n',
    'steel.go': 'package steel\n\nconst Edge = "sharp"\n',
  },
};

/** cabinFiles are the main module. */
const cabinFiles: Files = {
  'go.mod': `module example.com/cabin

go 1.24

tool example.org/chisel/cmd/chisel

require (
	example.org/Lamp v1.2.0
	example.org/gauge v1.0.0
	example.org/shutters v1.1.0
)

require (
	example.org/chisel v0.9.0 // indirect
	example.org/steel v1.0.0 // indirect
	example.org/wick v0.4.0 // indirect
)
`,
  'main.go': 'package main\n\nimport "example.com/cabin/room"\n\nfunc main() { println(room.Light()) }\n',
  'room/room.go':
    'package room\n\nimport lamp "example.org/Lamp"\n\nfunc Light() string { return lamp.Light() }\n',
  'room/room_test.go':
    'package room\n\nimport (\n\t"testing"\n\n\t"example.org/gauge"\n)\n\nfunc TestLight(t *testing.T) {\n\tif !gauge.Same(Light(), "lamp of thread") {\n\t\tt.Fatal(Light())\n\t}\n}\n',
  'room/room_windows.go': 'package room\n\nimport "example.org/shutters"\n\nconst Window = shutters.Closed\n',
};

/** canCutNetwork says whether this system lets us run a program in a namespace without a network. */
export const canCutNetwork: boolean = spawnSync('unshare', ['-rn', 'true']).status === 0;

export type Cabin = {
  readonly folder: string;
  /** main is the folder of the main module. */
  readonly main: string;
  readonly proxy: string;
  readonly gomodcache: string;
  readonly environment: Readonly<Record<string, string>>;
  /** go runs the go command in the main module and gives its stdout; what it says on stderr is in the error. */
  go(args: readonly string[], more?: Readonly<Record<string, string>>, cwd?: string): string;
  /** offline runs the go command without a network: in a namespace that has none, where the system allows it. */
  offline(args: readonly string[]): string;
  /** offlineAll builds, vets and runs the tool without a network. */
  offlineAll(): void;
  /** addModule puts another module on the proxy: `example.org/fork@v0.4.1`. */
  addModule(name: string, files: Files): void;
  /** empty removes GOMODCACHE. */
  empty(): void;
  dispose(): void;
};

/** openCabin writes the cabin, the proxy that serves its modules, and its go.sum by a real go mod tidy. GOMODCACHE is empty. */
export function openCabin(more: { modules?: Readonly<Record<string, Files>>; files?: Files } = {}): Cabin {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gocachetop-cabin-')));
  const [main, proxy, gomodcache] = [
    join(folder, 'cabin'),
    join(folder, 'proxy'),
    join(folder, 'gomodcache'),
  ];
  writeProxyModules(proxy, Object.entries({ ...cabinModules, ...more.modules }).map(toModule));
  writeFiles(main, { ...cabinFiles, ...more.files });
  const environment = {
    ...userEnvironment(),
    HOME: join(folder, 'home'),
    XDG_STATE_HOME: join(folder, 'state'),
    GOENV: join(folder, 'home', 'goenv'),
    GOTOOLCHAIN: 'local',
    GOPROXY: pathToFileURL(proxy).href,
    GOSUMDB: 'off',
    GOTELEMETRY: 'off',
    // -modcacherw so that the folder can be removed as any other.
    GOFLAGS: '-modcacherw -buildvcs=false',
    GOCACHE: join(folder, 'gocache'),
    GOMODCACHE: gomodcache,
  };
  writeFiles(join(folder, 'home'), { goenv: '', '.config/go/telemetry/mode': 'off' });
  const runIn = (cwd: string, words: readonly string[], extra: Readonly<Record<string, string>> = {}) => {
    const [program = '', ...args] = words;
    const env = { ...environment, ...extra };
    return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
  };
  const cut = canCutNetwork ? ['unshare', '-rn'] : [];
  const cabin: Cabin = {
    folder,
    main,
    proxy,
    gomodcache,
    environment,
    go: (args, extra, cwd) => runIn(cwd ?? main, ['go', ...args], extra),
    offline: (args) => runIn(main, [...cut, 'go', ...args], { GOPROXY: 'off' }),
    offlineAll() {
      cabin.offline(['build', '-o', '/dev/null', './...']);
      cabin.offline(['vet', './...']);
      cabin.offline(['tool', 'chisel']);
    },
    addModule: (name, files) => writeProxyModules(proxy, [toModule([name, files])]),
    empty: () => rmSync(gomodcache, { recursive: true, force: true }),
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
  cabin.go(['mod', 'tidy']);
  cabin.empty();
  return cabin;
}

function toModule([name, files]: [string, Files]): ProxyModule {
  const [path = '', version = ''] = name.split('@');
  const contents = Object.entries(files).map(([file, text]) => [file, Buffer.from(text)] as const);
  return { path, version, files: new Map(contents) };
}

/** writeFiles writes texts below a folder. */
export function writeFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** readTree gives each file below a folder with its bytes. */
export function readTree(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'base64')]));
}

/** userEnvironment is ours less what npm and the go command's settings of this machine add. */
function userEnvironment(): Record<string, string> {
  const isKept = (pair: [string, string | undefined]): pair is [string, string] =>
    pair[1] !== undefined && !/^(?:npm_|VITEST|GO(?!ROOT$)|NODE_OPTIONS$|TERM$|XDG_)/.test(pair[0]);
  return Object.fromEntries(Object.entries(process.env).filter(isKept));
}
