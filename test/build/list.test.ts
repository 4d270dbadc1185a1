import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleEnvironment } from '../../scripts/sample-environment.ts';
import { parseGoCommand } from '../../source/build/go-command.ts';
import { listPackageSet } from '../../source/build/list.ts';
import { isProblem } from '../../source/go/env.ts';
import { writeAt } from '../operations/removal/cache.ts';

let folder: string;
let proxy: Server;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'list-test-')));
  mkdirSync(join(folder, 'main'));
  // Else a process of go's telemetry writes there when all is removed (golang.org/x/telemetry).
  writeAt(join(folder, '.config', 'go', 'telemetry', 'mode'), 'off');
  // A proxy that has nothing.
  proxy = createServer((_request, response) => response.writeHead(404).end('not found\n'));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  proxy.close();
  proxy.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

test('what go list asks a proxy for is told, and is no part of the words of its failure', async () => {
  const cwd = join(folder, 'main');
  writeFileSync(
    join(cwd, 'go.mod'),
    'module example.com/main\n\ngo 1.16\n\nrequire example.org/gone v1.0.0\n',
  );
  writeFileSync(join(cwd, 'main.go'), 'package main\n\nimport _ "example.org/gone"\n\nfunc main() {}\n');
  const hash = `h1:${Buffer.alloc(32).toString('base64')}`;
  const sums = ['v1.0.0', 'v1.0.0/go.mod'].map((version) => `example.org/gone ${version} ${hash}\n`);
  writeFileSync(join(cwd, 'go.sum'), sums.join(''));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const command = parseGoCommand(['go', 'build', './...']);
  if (command === undefined) throw new Error('go build is a go command');
  const lines: string[] = [];
  const listed = await listPackageSet({
    program: 'go',
    command,
    cwd,
    environment: { ...process.env, ...sampleEnvironment(folder), HOME: folder, GOPROXY: url },
    onGet: (line) => lines.push(line),
  });
  expect(lines).toContain(`# get ${url}/example.org/gone/@v/v1.0.0.mod`);
  expect(lines.at(-1)).toMatch(/^# get http.*: 404 Not Found \(\d+\.\d+s\)$/);
  if (!isProblem(listed)) throw new Error('go list did not fail');
  expect(listed.why).toMatch(/404 Not Found/);
  expect(listed.why).not.toContain('# get');
}, 60_000);
