import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeTree } from '../../../source/operations/redownload/stage.ts';
import { makeZip } from '../../checksums/zip-writer.ts';
import { type Environment, ours, run } from '../../plain/sandbox.ts';
import { differences, inFolder, openWorld, type Snapshot, shown, snapshot, type World } from './world.ts';

// Real modules, from the proxy that this machine is set to, with the checksum database behind it.
const [goproxy = '', gosumdb = ''] = execFileSync('go', ['env', 'GOPROXY', 'GOSUMDB'], {
  encoding: 'utf8',
}).split('\n');
const uuid = { path: 'github.com/google/uuid', version: 'v1.6.0' };
const text = { path: 'golang.org/x/text', version: 'v0.21.0' };

let world: World;
let main: string;
let environment: Environment;
let whole: Snapshot;
let isReachable = false;

function go(...words: readonly string[]): string {
  return execFileSync('go', [...words], {
    cwd: main,
    env: { ...environment } as NodeJS.ProcessEnv,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

beforeAll(() => {
  world = openWorld();
  removeTree(world.gomodcache);
  main = world.main;
  environment = { ...world.environment, GOPROXY: goproxy, GOSUMDB: gosumdb };
  for (const name of ['berth', 'knots', 'report', 'schedule', 'tide', 'main.go', 'go.sum'])
    rmSync(join(main, name), { recursive: true });
  writeFileSync(
    join(main, 'go.mod'),
    `module example.com/app\n\ngo 1.21\n\nrequire (\n\t${uuid.path} ${uuid.version}\n\t${text.path} ${text.version}\n)\n`,
  );
  writeFileSync(
    join(main, 'main.go'),
    'package main\n\nimport (\n\t"github.com/google/uuid"\n\t"golang.org/x/text/language"\n)\n\nfunc main() { println(uuid.NewString(), language.Und.String()) }\n',
  );
  try {
    go('mod', 'tidy');
    go('mod', 'download');
    go('build', '-o', '/dev/null', '.');
    whole = snapshot(world.gomodcache);
    isReachable = true;
  } catch (error) {
    console.log(`the module proxy cannot be reached: ${String((error as { stderr?: unknown }).stderr)}`);
  }
}, 300_000);
afterAll(() => world?.dispose());

async function repair(module: typeof uuid, cwd = main, more: Environment = {}) {
  const ended = await run(ours('redownload', shown(module), '--yes', '--json'), {
    cwd,
    environment: { ...environment, ...more },
  });
  return { ended, module: JSON.parse(ended.stdout.toString()).modules[0] };
}

function expectWhole(): void {
  expect(differences(whole, snapshot(world.gomodcache))).toEqual([]);
  expect(go('mod', 'verify')).toBe('all modules verified\n');
  go('build', '-o', '/dev/null', '.');
}

describe('modules of the configured proxy', () => {
  test('a zip is downloaded alone, and the checksum database has its word', async ({ skip }) => {
    skip(!isReachable, 'needs the module proxy');
    const { zip } = world.files(text);
    const { size } = statSync(zip);
    truncateSync(zip, 1000);
    const { ended, module } = await repair(text);
    expect(module, ended.stderr.toString()).toMatchObject({
      done: 'downloaded',
      replaced: ['zip'],
      checkedBy: ['go.sum', gosumdb.split(/[+ ]/)[0]],
    });
    // Only this zip; the answers of the database are kept ones.
    expect(module.networkBytes).toBe(size);
    expectWhole();
  });

  test('a folder takes no network at all', async ({ skip }) => {
    skip(!isReachable, 'needs the module proxy');
    inFolder(join(world.files(uuid).dir, 'uuid.go'), (file) => appendFileSync(file, '// changed\n'));
    const { module } = await repair(uuid, main, { GOPROXY: 'http://127.0.0.1:1', GOSUMDB: gosumdb });
    expect(module).toMatchObject({ done: 'extracted', networkBytes: 0, suspicion: 'uuid.go was changed' });
    expectWhole();
  });

  test('without a go.sum the checksum database judges: what is right is not downloaded', async ({ skip }) => {
    skip(!isReachable, 'needs the module proxy');
    const { module } = await repair(uuid, world.folder);
    expect(module).toMatchObject({
      done: 'nothing-wrong',
      networkBytes: 0,
      checkedBy: [gosumdb.split(/[+ ]/)[0]],
    });
    expectWhole();
  });

  test('without a go.sum a zip that was replaced together with its .ziphash is found out', async ({
    skip,
  }) => {
    skip(!isReachable, 'needs the module proxy');
    const files = world.files(uuid);
    const prefix = `${shown(uuid)}/`;
    const names = ['go.mod', 'uuid.go'];
    const content = (name: string): Buffer => readFileSync(join(files.dir, name));
    writeFileSync(files.zip, makeZip(names.map((name) => ({ name: prefix + name, content: content(name) }))));
    rmSync(files.ziphash);
    const { ended, module } = await repair(uuid, world.folder);
    expect(module, ended.stderr.toString()).toMatchObject({ done: 'downloaded' });
    expect(module.suspicion).toContain('the zip is whole, and not the one that is vouched for');
    expect(module.faults[0].code).toBe('zip-mismatch');
    expect(ended.stderr.toString()).toContain('--yes repairs it all the same');
    expectWhole();
  });

  test('a go.sum that was changed together with the cache: the database is asked, and it is refused', async ({
    skip,
  }) => {
    skip(!isReachable, 'needs the module proxy');
    const sums = join(main, 'go.sum');
    const right = readFileSync(sums, 'utf8');
    writeFileSync(sums, right.replace(/(github.com\/google\/uuid v1.6.0 h1:)..../, '$1AAAA'));
    const { ended, module } = await repair(uuid);
    writeFileSync(sums, right);
    expect(module).toMatchObject({ done: 'refused', replaced: [] });
    expect(ended.stderr.toString()).toContain('vouches for that: the line of go.sum is wrong');
    expectWhole();
  });

  test('a checksum database that cannot be asked: go.sum alone vouches, and that is said', async ({
    skip,
  }) => {
    skip(!isReachable, 'needs the module proxy');
    truncateSync(world.files(uuid).zip, 1000);
    const { ended, module } = await repair(uuid, main, {
      GOSUMDB: 'sum.golang.org http://127.0.0.1:1',
      // What it answered before is not lent.
      GOPATH: join(world.folder, 'other'),
    });
    expect(module, ended.stderr.toString()).toMatchObject({ done: 'downloaded' });
    if (!module.checkedBy.includes('sum.golang.org'))
      expect(module.notes.join()).toContain('the checksum database could not be asked, go.sum alone vouches');
    expectWhole();
  });
});
