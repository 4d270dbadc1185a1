import { parentPort, workerData } from 'node:worker_threads';
import { yieldToBuilds } from '../platform/workers.ts';
import { findImporters } from './index/find-importers.ts';
import { hashOutputs } from './index/hash-output.ts';
import type { IndexAnswer, IndexOrder, IndexRequest } from './index/pool.ts';
import { createProgramPaths } from './index/program-path.ts';
import { nameOutputs, readActions } from './index/read-entries.ts';
import { createEntryPacks, readFolder, statEntries } from './index/read-folder.ts';

/** The thread of the index: it lists folders and reads entries with synchronous calls, one request after the other. */
const { gocache, gomodcache } = workerData as IndexOrder;
const nextPacks = createEntryPacks();
const programs = createProgramPaths(gomodcache);

yieldToBuilds();
parentPort?.on('message', (request: IndexRequest) => parentPort?.postMessage(answerTo(request)));

function answerTo(request: IndexRequest): IndexAnswer {
  switch (request.type) {
    case 'folder':
      return { type: 'folder', read: readFolder(gocache, request.folder, nextPacks()) };
    case 'stat':
      return { type: 'stat', statted: statEntries(gocache, request, nextPacks()) };
    case 'read':
      return { type: 'read', change: readActions(gocache, request.ids) };
    case 'check':
      return {
        type: 'check',
        count: request.folders.length,
        found: hashOutputs(gocache, request.ids, request.folders),
      };
    case 'importers':
      return { type: 'importers', found: findImporters(gocache, request.ids, request.wanted) };
    case 'name':
      return { type: 'name', named: nameOutputs(gocache, request.ids, request.folders, programs) };
  }
}
