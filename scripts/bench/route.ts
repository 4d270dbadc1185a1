import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { probeChain } from '../../source/operations/route/probe.ts';
import { compareRoutes } from '../../source/proxy/route/what-if.ts';
import { timeBareNode, timeRun } from './app.ts';
import { figureOf } from './figure.ts';
import { interleave, pairwise, type Row } from './row.ts';

/** modules are as many as a large go.mod requires. */
const modules: readonly { readonly path: string; readonly version: string }[] = Array.from(
  { length: 595 },
  (_, at) => ({ path: `github.com/owner${at % 80}/Module${at}/v2`, version: `v2.${at}.0` }),
);

const settings = {
  goproxy: 'https://a.example,https://b.example|direct',
  gonoproxy: 'corp.example,git.corp.example/*',
  goprivate: 'corp.example,git.corp.example/*',
  gonosumdb: 'corp.example,git.corp.example/*',
  gosumdb: 'sum.golang.org',
  goinsecure: '',
  govcs: '',
  goflags: '',
};

/** route: which way every module of a large go.mod goes before and after a change of settings, without a network. */
export const route: Row = {
  name: 'route',
  title: `the routes of ${modules.length} modules before and after a change of GOPRIVATE, nobody asked`,
  async measure(bench) {
    const folder = join(bench.folder, 'route');
    mkdirSync(folder);
    const requires = modules.map(({ path, version }) => `\t${path} ${version}\n`).join('');
    writeFileSync(join(folder, 'go.mod'), `module main\n\ngo 1.21\n\nrequire (\n${requires})\n`);
    const env = { ...process.env, ...bench.app.environment, GOPROXY: settings.goproxy, GOTOOLCHAIN: 'local' };
    const place = { cwd: folder, env };
    const words = [...bench.app.words, 'proxy', '--json', '--what-if', 'GOPRIVATE=github.com/owner7/*'];
    try {
      await timeRun(words, place);
      const samples = await interleave(bench.isQuick ? 1 : 9, {
        node: () => timeBareNode(place),
        command: () => timeRun(words, place),
        planning: async () => {
          const started = performance.now();
          compareRoutes(modules, settings, { ...settings, goprivate: 'github.com/owner7/*' });
          return performance.now() - started;
        },
      });
      return [
        figureOf('planning alone, both ways', samples.planning, 'ms', undefined),
        figureOf('gocachetop proxy --what-if', samples.command, 'ms', { atMost: 300 }),
        figureOf(
          'the same / bare node',
          pairwise(samples.command, samples.node, (a, b) => a / b),
          'x',
          undefined,
        ),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const timeoutMs = 5000;

/** probe: a chain of which some hops never answer, with what the others said as it comes. */
export const probe: Row = {
  name: 'probe',
  title: 'probe of a chain of 8 hops of which 3 never answer',
  async measure(bench) {
    const sockets = new Set<Socket>();
    const silent = await listen(createServer((socket) => void sockets.add(socket)));
    const answering = await listen(createHttpServer((_, response) => void response.writeHead(404).end()));
    const urls = Array.from(
      { length: 8 },
      (_, at) => `http://127.0.0.1:${at % 3 === 1 ? silent.port : answering.port}/${at}`,
    );
    const chain = { ...settings, goproxy: urls.join('|'), gosumdb: 'off' };
    try {
      const early: number[] = [];
      const whole: number[] = [];
      for (let round = 0; round < (bench.isQuick ? 1 : 5); round += 1) {
        const started = performance.now();
        const context = { environment: process.env, timeoutMs };
        let answers = 0;
        await probeChain(chain, context, () => {
          answers += 1;
          if (answers === 5) early.push(performance.now() - started);
        });
        whole.push(performance.now() - started);
      }
      return [
        figureOf('the 5 that answer are told after', early, 'ms', undefined),
        // One timeout, and what the machine takes to notice it.
        figureOf('all', whole, 'ms', { atMost: timeoutMs + 500 }),
      ];
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.server.close();
      answering.server.close();
    }
  },
};

async function listen(server: Server): Promise<{ readonly server: Server; readonly port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}
