import { parentPort, workerData } from 'node:worker_threads';
import { loadGraph } from '../../module-graph/graph.ts';
import { findRoots } from './find-roots.ts';
import { createModReader } from './mod-reader.ts';
import { readRoot } from './read-root.ts';
import { findNeeds } from './root-needs.ts';
import type { NeedsMessage, NeedsOrder } from './scan.ts';

// Works out what each root needs: a graph of 600 modules takes some 30 ms, and there may be many roots.
const { gomodcache, named } = workerData as NeedsOrder;
const readMod = createModReader(gomodcache);
const { files, problems } = findRoots(named, gomodcache);
tell({ type: 'problems', problems });
for (const file of files) {
  const read = readRoot(file);
  if (read.problems.length > 0) tell({ type: 'problems', problems: read.problems });
  if (read.files === undefined) continue;
  const { mains, replace } = read.files;
  const graph = loadGraph({ mains, replace, isWorkspace: file.endsWith('go.work'), readMod });
  tell({ type: 'root', needs: findNeeds(read.files, graph) });
}
tell({ type: 'done' });

function tell(message: NeedsMessage): void {
  parentPort?.postMessage(message);
}
