import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { request as askOther, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Reply is what a server of a test is about to answer. */
export type Reply = {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
};

/** Change breaks replies: path is below the root, with its escapes. */
export type Change = (path: string, reply: Reply, method: string) => void;

export type ProxyServer = { readonly url: string; change(how: Change | undefined): void; close(): void };

/**
 * openProxyServer serves a file:// tree as a good GOPROXY does: types, ETag, HEAD, Range, 404 as text. `mirror` is the URL
 * of a checksum database: it is passed on below /sumdb/.
 */
export async function openProxyServer(tree: string, mirror: string): Promise<ProxyServer> {
  let change: Change | undefined;
  const server: Server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const method = request.method ?? 'GET';
    const reply = path.startsWith('sumdb/')
      ? await passOn(`${mirror}/${path}`)
      : replyOf(tree, path.replace(/\?.*/, ''));
    change?.(path, reply, method);
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const isPart = range !== null && reply.status === 200 && reply.headers['accept-ranges'] === 'bytes';
    const body = isPart ? reply.body.subarray(Number(range[1]), Number(range[2]) + 1) : reply.body;
    response.writeHead(isPart ? 206 : reply.status, {
      'content-length': String(body.length),
      ...reply.headers,
    });
    response.end(method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    change(how) {
      change = how;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const toolchainMod = Buffer.from('module golang.org/toolchain\n');

function replyOf(tree: string, path: string): Reply {
  const file = join(tree, path);
  const isToolchain = /^golang\.org\/toolchain\/@v\/v0\.0\.1-go[^/]+\.mod$/.test(path);
  if (!isToolchain && (!/\/@(?:v\/[^/]+|latest)$/.test(path) || !existsSync(file))) {
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    return { status: 404, headers, body: Buffer.from(`not found: ${path}\n`) };
  }
  const body = isToolchain ? toolchainMod : readFileSync(file);
  const end = path.slice(path.lastIndexOf('.') + 1);
  const type =
    end === 'info' || path.endsWith('/@latest')
      ? 'application/json'
      : end === 'zip'
        ? 'application/zip'
        : 'text/plain';
  return {
    status: 200,
    headers: {
      'content-type': type,
      'accept-ranges': 'bytes',
      etag: `"${hash('sha256', body, 'hex').slice(0, 16)}"`,
      'cache-control': path.endsWith('/list') ? 'max-age=60' : 'max-age=86400, immutable',
    },
    body,
  };
}

function passOn(url: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = askOther(url, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 502, headers: {}, body: Buffer.concat(parts) }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}
