import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ElsewhereEvent } from '../../../source/build/elsewhere/event.ts';
import { openElsewhereFeed } from '../../../source/build/elsewhere/feed.ts';
import { type GoSample, libraries, makeGoSample } from '../../build-cache/go-sample.ts';

type Linked = Extract<ElsewhereEvent, { type: 'linked' }>;

const main = 'package main\n\nimport p "example.com/sample/lib0"\n\nfunc main() { println(p.Value()) }\n';
const leaf = (value: number) => ({ 'lib2/lib.go': `package lib2\n\nfunc Value() int { return ${value} }\n` });
// It lets every tool run but the compiler of lib2, which it holds up for as long as nobody kills it.
const hang =
  'case " $* " in *" -V=full "*) ;; *" -p example.com/sample/lib2 "*) sleep 600 ;; esac\nexec "$@"\n';

let sample: GoSample;
let temp: string;
let isOwn = false;
let closing: (() => void)[] = [];

beforeAll(async () => {
  sample = makeGoSample({ ...libraries(3), 'cmd/app/main.go': main, 'hang.sh': hang });
  temp = realpathSync(mkdtempSync(join(tmpdir(), 'elsewhere-test-')));
}, 120_000);

afterEach(() => {
  for (const close of closing) close();
  closing = [];
  isOwn = false;
});

afterAll(async () => {
  await endOrphans(temp);
  sample.remove();
  rmSync(temp, { recursive: true, force: true });
});

describe('a build in another process', () => {
  test('each link tells hits and misses exactly: cold, after an edit of a leaf, all hits', async () => {
    const feed = watchBuilds();
    const packages = await listDeps();
    const expectLink = async (misses: readonly string[]) => {
      const { linked } = await feed.next();
      expect(linked.map(({ program }) => program)).toEqual(['example.com/sample/cmd/app']);
      expect(pathsOf(linked[0], 'miss')).toEqual(misses);
      expect(pathsOf(linked[0], 'hit')).toEqual(packages.filter((path) => !misses.includes(path)));
      expect(linked[0]).toMatchObject({ misses: misses.length, hits: packages.length - misses.length });
    };

    expect(await buildApp()).toEqual(packages);
    await expectLink(packages);

    sample.write(leaf(5));
    const compiled = await buildApp();
    expect(compiled).toContain('example.com/sample/lib2');
    await expectLink(compiled);

    expect(await buildApp()).toEqual([]);
    await expectLink([]);
    // All ended, and each told its go command.
    expect(feed.of('build-began')).toHaveLength(3);
    expect(feed.of('build-began')[2]?.owner?.command).toEqual([
      'go',
      'build',
      '-x',
      '-o',
      appFile(),
      './cmd/app',
    ]);
    expect(realpathSync(feed.of('build-began')[2]?.owner?.directory ?? '')).toBe(sample.directory);
    expect(feed.of('problem')).toEqual([]);
    // A cold build lasts for seconds: some of its compilers are seen, each by its name; none remain.
    const seen = feed.of('compiling').flatMap(({ units }) => units.map(({ importPath }) => importPath));
    expect(seen).toContain('runtime');
    expect(packages).toEqual(expect.arrayContaining(seen));
    expect(feed.of('compiling').at(-1)?.units).toEqual([]);
  }, 180_000);

  test('on another GOCACHE it is not shown, while ours is', async () => {
    const copy = join(dirname(sample.gocache), 'copy');
    cpSync(sample.gocache, copy, { recursive: true, preserveTimestamps: true });
    const other = makeGoSample({ 'cmd/other/main.go': 'package main\n\nfunc main() {}\n' }, copy);
    try {
      const feed = watchBuilds();
      const output = join(dirname(other.directory), 'other');
      const args = ['build', '-o', output, './cmd/other'];
      await Promise.all([runGo(args, { directory: other.directory, gocache: copy }), buildApp()]);
      expect(existsSync(output)).toBe(true);
      expect((await feed.next()).linked.map(({ program }) => program)).toEqual([
        'example.com/sample/cmd/app',
      ]);
      // The other way round: a feed on the copy.
      const second = watchBuilds(copy);
      rmSync(output);
      await Promise.all([runGo(args, { directory: other.directory, gocache: copy }), buildApp()]);
      expect((await second.next()).linked.map(({ program }) => program)).toEqual([
        'example.com/sample/cmd/other',
      ]);
      await feed.next();
      expect(new Set(feed.of('linked').map(({ program }) => program)).size).toBe(1);
    } finally {
      other.remove();
    }
  });

  test('test programs and their variants have their own names', async () => {
    sample.write({
      'lib0/lib_test.go':
        'package lib0\n\nimport "testing"\n\nfunc TestValue(t *testing.T) { t.Log(Value()) }\n',
    });
    const feed = watchBuilds();
    await runGo(['test', '-c', '-o', appFile(), './lib0']);
    const { linked } = await feed.next();
    expect(linked.map(({ program }) => program)).toEqual(['example.com/sample/lib0.test']);
    expect(pathsOf(linked[0], 'miss')).toEqual(
      expect.arrayContaining(['example.com/sample/lib0', 'example.com/sample/lib0.test']),
    );
  }, 120_000);

  test('our own wrapped build is left out, however its WORK is spelled', async () => {
    const feed = watchBuilds();
    isOwn = true;
    expect(await buildApp()).toEqual([]);
    isOwn = false;
    const between = Date.now();
    await buildApp();
    await feed.next();
    expect(feed.of('build-began')).toHaveLength(1);
    expect(feed.of('linked')).toHaveLength(1);
    expect(feed.of('build-began')[0]?.at).toBeGreaterThan(between);
  });

  test('in a temp folder that is not watched it is found by look', async () => {
    const elsewhere = join(temp, 'elsewhere');
    mkdirSync(elsewhere);
    const feed = watchBuilds();
    sample.write(leaf(7));
    const build = hangingBuild(elsewhere);
    const work = await build.work;
    await vi.waitFor(
      () => {
        feed.look();
        expect(feed.of('compiling').at(-1)?.units).toMatchObject([
          { importPath: 'example.com/sample/lib2', work },
        ]);
      },
      { timeout: 10_000 },
    );
    build.go.kill('SIGKILL');
    await build.go;
    await vi.waitFor(() => expect(feed.of('build-ended')).toMatchObject([{ work }]), { timeout: 10_000 });
    await endOrphans(work);
  });
});

describe('a go command that is killed', () => {
  test('ends its build, and what it leaves behind is not shown to who comes later', async () => {
    const feed = watchBuilds();
    sample.write(leaf(8));
    const live = hangingBuild();
    const liveWork = await live.work;
    const killed = hangingBuild();
    const killedWork = await killed.work;
    const works = [liveWork, killedWork].sort();
    await vi.waitFor(
      () =>
        expect(
          feed
            .of('compiling')
            .at(-1)
            ?.units.map(({ work }) => work)
            .sort(),
        ).toEqual(works),
      { timeout: 10_000 },
    );

    killed.go.kill('SIGKILL');
    await killed.go;
    await vi.waitFor(() => expect(feed.of('build-ended').map(({ work }) => work)).toEqual([killedWork]), {
      timeout: 10_000,
    });
    expect(feed.of('compiling').at(-1)?.units).toMatchObject([{ work: liveWork }]);
    expect(readdirSync(temp)).toContain(basename(killedWork));

    // Its compiler still hangs there, as an orphan, and an older go command lives: neither makes it live.
    const late = watchBuilds();
    await vi.waitFor(() => expect(late.of('compiling').at(-1)?.units).toMatchObject([{ work: liveWork }]), {
      timeout: 10_000,
    });
    await endOrphans(killedWork);
    live.go.kill('SIGTERM');
    await live.go;
    await endOrphans(liveWork);
    await vi.waitFor(() => expect(late.of('build-ended')).toHaveLength(1), { timeout: 10_000 });
    expect(late.of('build-began').map(({ work }) => work)).toEqual([liveWork]);
    expect(late.of('compiling').at(-1)?.units).toEqual([]);
  }, 60_000);
});

describe('what cannot be seen', () => {
  test.skipIf(process.getuid?.() === 0)('a WORK of another user is counted (root can read any)', async () => {
    const feed = watchBuilds();
    const work = join(temp, 'go-build77');
    mkdirSync(work, 0o000);
    await vi.waitFor(() => expect(feed.of('unreadable')).toEqual([{ type: 'unreadable', count: 1 }]));
    chmodSync(work, 0o700);
    rmSync(work, { recursive: true });
  });

  test('a temp folder that is not there is a problem', async () => {
    const feed = watchBuilds(sample.gocache, [join(temp, 'absent')]);
    await vi.waitFor(() =>
      expect(feed.of('problem')).toMatchObject([{ problem: { where: join(temp, 'absent') } }]),
    );
  });
});

/** watchBuilds opens a feed; `next` waits until no build runs any more and gives the links told since the last time. */
function watchBuilds(gocache = sample.gocache, tempFolders: readonly string[] = [temp]) {
  const events: ElsewhereEvent[] = [];
  let told = 0;
  const feed = openElsewhereFeed({
    gocache,
    tempFolders,
    ownWork: () => new Set(isOwn ? readdirSync(temp).map((name) => join('/another/spelling', name)) : []),
    now: Date.now,
    emit: (more) => events.push(...more),
  });
  closing.push(feed.close);
  const of = <Type extends ElsewhereEvent['type']>(type: Type) =>
    events.filter((event): event is Extract<ElsewhereEvent, { type: Type }> => event.type === type);
  return {
    of,
    look: feed.look,
    async next(): Promise<{ linked: Linked[] }> {
      await vi.waitFor(
        () => {
          expect(of('linked').length).toBeGreaterThan(told);
          expect(of('build-ended')).toHaveLength(of('build-began').length);
        },
        { timeout: 10_000 },
      );
      const linked = of('linked').slice(told);
      told += linked.length;
      return { linked };
    },
  };
}

function pathsOf(linked: Linked | undefined, outcome: 'hit' | 'miss'): string[] {
  const packages = linked?.packages.filter((one) => one.outcome === outcome) ?? [];
  return packages.map(({ importPath }) => importPath).sort();
}

function appFile(): string {
  return join(dirname(sample.directory), 'app');
}

/** buildApp builds the program anew and gives the packages that were compiled, by -x. */
async function buildApp(): Promise<string[]> {
  rmSync(appFile(), { force: true });
  const { stderr } = await runGo(['build', '-x', '-o', appFile(), './cmd/app']);
  const compiled = [...stderr.matchAll(/\/compile -o \S+ .*? -p (\S+) /g)].map(([, path = '']) => path);
  return compiled.map((path) => (path === 'main' ? 'example.com/sample/cmd/app' : path)).sort();
}

/** listDeps are all packages of the program that have a compiled form: unsafe has none. */
async function listDeps(): Promise<string[]> {
  const { stdout } = await runGo(['list', '-deps', './cmd/app']);
  return stdout
    .split('\n')
    .filter((path) => path !== 'unsafe')
    .sort();
}

type Place = { readonly directory?: string; readonly gocache?: string; readonly tmpdir?: string };

function runGo(args: readonly string[], place: Place = {}) {
  const { directory = sample.directory, gocache = sample.gocache, tmpdir = temp } = place;
  const env = { GOCACHE: gocache, TMPDIR: tmpdir, GOTMPDIR: '', GOFLAGS: '', GOPROXY: 'off', GOWORK: 'off' };
  return execa('go', args, { cwd: directory, env });
}

/** hangingBuild starts a build that hangs in the compiler of lib2; its WORK is known once it does. */
function hangingBuild(tmpdir = temp) {
  const before = new Set(readdirSync(tmpdir));
  const toolexec = `-toolexec=sh ${join(sample.directory, 'hang.sh')}`;
  const go = execa('go', ['build', '-o', appFile(), toolexec, './cmd/app'], {
    cwd: sample.directory,
    env: { GOCACHE: sample.gocache, TMPDIR: tmpdir, GOTMPDIR: '', GOFLAGS: '', GOWORK: 'off' },
    reject: false,
    cleanup: true,
    stdio: 'ignore',
  });
  return { go, work: findWork() };

  async function findWork(): Promise<string> {
    for (;;) {
      for (const name of readdirSync(tmpdir)) {
        const work = join(tmpdir, name);
        if (!before.has(name) && /^go-build\d+$/.test(name) && (await pidsIn(work)).length > 0) return work;
      }
      await pause(20);
    }
  }
}

/** pidsIn lists the processes that we started and that hang in a WORK, or in any below a temp folder of ours. */
async function pidsIn(work: string): Promise<number[]> {
  const { stdout } = await execa('ps', ['-eo', 'pid=,ppid=,args=', '-ww']);
  const rows = stdout.split('\n').map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? []);
  const hung = rows.filter(([, , , args = '']) => /^\S*sh /.test(args) && args.includes(`${work}/`));
  const shells = hung.map(([, pid]) => Number(pid));
  const sleeps = rows.filter(([, , parent]) => shells.includes(Number(parent))).map(([, pid]) => Number(pid));
  return sleeps.length === 0 ? [] : [...shells, ...sleeps];
}

async function endOrphans(work: string): Promise<void> {
  for (const pid of await pidsIn(work)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
}
