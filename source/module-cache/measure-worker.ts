import { parentPort, workerData } from 'node:worker_threads';
import { yieldToBuilds } from '../platform/workers.ts';
import { type MeasureOrder, measureShare } from './measure.ts';

// A second thread that measures extracted folders beside the first: each takes the next one from a shared counter.
const order = workerData as MeasureOrder;
if (order.isBackground) yieldToBuilds();
measureShare(order, (measured) => parentPort?.postMessage(measured));
parentPort?.postMessage('done');
