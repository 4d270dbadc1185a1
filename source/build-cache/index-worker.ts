import { parentPort, workerData } from 'node:worker_threads';
import { yieldToBuilds } from '../platform/workers.ts';
import { hashOutputs } from './index/hash-output.ts';
import { createProgramPaths } from './index/program-path.ts';
import { nameOutputs, readActions } from './index/read-entries.ts';
import { readFolder } from './index/read-folder.ts';
import type { IndexAnswer, IndexOrder, IndexRequest } from './index/scan.ts';

/** The thread of the index: it lists folders and reads entries with synchronous calls, one request after the other. */
const { gocache, gomodcache } = workerData as IndexOrder;
const programs = createProgramPaths(gomodcache);

yieldToBuilds();
parentPort?.on('message', (request: IndexRequest) => {
  const answer = answerTo(request);
  parentPort?.postMessage(answer, buffersOf(answer));
});

function answerTo(request: IndexRequest): IndexAnswer {
  switch (request.type) {
    case 'folder':
      return { type: 'folder', read: readFolder(gocache, request.folder) };
    case 'read':
      return { type: 'read', change: readActions(gocache, request.ids) };
    case 'check':
      return {
        type: 'check',
        count: request.folders.length,
        found: hashOutputs(gocache, request.ids, request.folders),
      };
    case 'name':
      return { type: 'name', named: nameOutputs(gocache, request.ids, request.folders, programs) };
  }
}

/** buffersOf are handed over without a copy. */
function buffersOf(answer: IndexAnswer): ArrayBuffer[] {
  if (answer.type !== 'folder') return [];
  const { actions, outputs } = answer.read;
  return [
    actions.ids,
    actions.mtimes,
    actions.blocks,
    outputs.ids,
    outputs.mtimes,
    outputs.blocks,
    outputs.sizes,
    outputs.folders,
  ].map(({ buffer }) => buffer as ArrayBuffer);
}
