import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { askModule } from './ask-module.ts';
import { openGoPlace } from './go-download.ts';
import { makeRows } from './rows.ts';

const place = openGoPlace();
const { root, rows } = makeRows();
const trust = { SSL_CERT_FILE: join(place.folder, 'root.pem'), SSL_CERT_DIR: join(place.folder, 'empty') };
writeFileSync(trust.SSL_CERT_FILE, root.certificate);
mkdirSync(trust.SSL_CERT_DIR);

afterAll(() => place.close());

// Each row starts a server and lets a real go download a module from it: Go and we must come to the same.
describe('our verdict and the outcome of go mod download agree', () => {
  test.each(rows)('$name', async ({ open, scheme = 'https', host = '127.0.0.1', code, isUnsaid, drawn }) => {
    const server = await open();
    try {
      const proxy = `${scheme}://${host}:${server.port}`;
      const [download, { fault, answers }] = await Promise.all([
        place.download({ ...trust, GOPROXY: proxy }),
        askModule(proxy, {
          environment: { ...place.environment, ...trust },
          timeoutMs: 20_000,
          maxBytes: 1 << 20,
        }),
      ]);
      expect({
        code: fault?.code,
        go: download.isFine,
        said: download.stderr.trim().split('\n').at(-1),
      }).toMatchObject({
        code,
        go: code === undefined,
      });
      const places = answers[0]?.certificates?.map(({ place }) => place).join(' ');
      if (drawn !== undefined) expect(places).toBe(drawn);
      if (fault === undefined) return;
      expect(fault.detail).not.toBe('');
      if (isUnsaid === true) expect(fault.goSays).toBeUndefined();
      else expect(download.stderr).toContain(fault.goSays);
    } finally {
      server.close();
    }
  });
});
