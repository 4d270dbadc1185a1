import { parentPort, workerData } from 'node:worker_threads';
import { yieldToBuilds } from '../platform/workers.ts';
import { filesOf } from './module-files.ts';
import type { ChecksumAnswer, ChecksumOrder, ChecksumRequest } from './pool.ts';
import { readFacts } from './read-facts.ts';

/** The thread that reads and hashes modules, one after the other. */
const { gomodcache, isPatient } = workerData as ChecksumOrder;

if (isPatient) yieldToBuilds();
/** last is the end of what was asked so far: requests are answered in their order. */
let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (request: ChecksumRequest) => {
  last = last.then(async () => parentPort?.postMessage(await answerTo(request)));
});

async function answerTo({ path, version }: ChecksumRequest): Promise<ChecksumAnswer> {
  const files = filesOf(gomodcache, path, version);
  return { path, version, facts: files === undefined ? undefined : await readFacts(files, path, version) };
}
