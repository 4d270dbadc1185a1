import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { trustRepair } from '../../../source/proxy/fault/repair.ts';
import { askModule } from './ask-module.ts';
import { openGoPlace } from './go-download.ts';
import { makeRows } from './rows.ts';

const place = openGoPlace();
const { root, rows } = makeRows();
afterAll(() => place.close());

// What the user is told to do is done, in a shell, and then go must be content.
describe('the commands of a repair repair', () => {
  test.each(['an unknown root, sent', 'self-signed'])('%s', async (name) => {
    const row = rows.find((each) => each.name === name) ?? expect.fail(`there is no row ${name}`);
    const folder = mkdtempSync(join(place.folder, 'repair-'));
    const trust = { SSL_CERT_FILE: join(folder, 'trusted.pem'), SSL_CERT_DIR: join(folder, 'empty') };
    writeFileSync(trust.SSL_CERT_FILE, root.certificate);
    mkdirSync(trust.SSL_CERT_DIR);
    const environment = { ...place.environment, ...trust };
    const server = await row.open();
    try {
      const proxy = `https://127.0.0.1:${server.port}`;
      const { fault } = await askModule(proxy, { environment, timeoutMs: 20_000, maxBytes: 1 << 20 });
      const commands = fault?.repair.filter((step) => /^(?:openssl|cat) /.test(step)) ?? [];
      expect(commands.length).toBe(2);
      expect((await place.download({ ...trust, GOPROXY: proxy })).isFine).toBe(false);
      for (const command of commands) await shell(command, folder);
      expect((await place.download({ ...trust, GOPROXY: proxy })).isFine).toBe(true);
    } finally {
      server.close();
    }
  });
});

function shell(command: string, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile('sh', ['-c', command], { cwd, timeout: 20_000 }, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
}

test.each([
  [
    'Debian',
    {
      certFile: '/etc/ssl/certs/ca-certificates.crt',
      isOwnChoice: false,
      store: {
        directory: '/usr/local/share/ca-certificates',
        extension: '.crt',
        command: 'update-ca-certificates',
      },
    },
    'sudo cp root.pem /usr/local/share/ca-certificates/company-root.crt && sudo update-ca-certificates',
  ],
  [
    'RHEL',
    {
      certFile: '/etc/pki/tls/certs/ca-bundle.crt',
      isOwnChoice: false,
      store: { directory: '/etc/pki/ca-trust/source/anchors', extension: '.pem', command: 'update-ca-trust' },
    },
    'sudo cp root.pem /etc/pki/ca-trust/source/anchors/company-root.pem && sudo update-ca-trust',
  ],
  [
    'a file of the user',
    { certFile: '/home/me/roots.pem', isOwnChoice: true, store: undefined },
    'cat root.pem >> /home/me/roots.pem',
  ],
  [
    'nothing known',
    { certFile: undefined, isOwnChoice: false, store: undefined },
    'for you alone: cat root.pem > ~/roots.pem && export SSL_CERT_FILE=~/roots.pem',
  ],
] as const)('a root goes where this system keeps them: %s', (_, system, first) => {
  expect(trustRepair('root.pem', system)[0]).toBe(first);
});
