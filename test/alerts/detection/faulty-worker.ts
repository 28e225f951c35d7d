import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerRequest, WorkerSetup } from '../../../src/alerts/detection/worker-messages.ts';

/**
 * A detector worker that does what the picture's first byte says: 1 hangs, 2 crashes, 3 exits, 4 fails aloud; anything
 * else is a person. A model path of `unusable` cannot be opened, one of `silent` is never ready.
 */
const { path }: WorkerSetup = workerData;

function look({ id, frame }: WorkerRequest): void {
  const [fault] = frame.yuv;
  if (fault === 1) for (;;);
  if (fault === 2) throw new Error('planted crash');
  if (fault === 3) process.exit(7);
  if (fault === 4) {
    parentPort?.postMessage({ type: 'failed', id, message: 'planted failure' });
    return;
  }
  const sightings = [{ label: 'person', score: 0.9, box: { x: 0.4, y: 0.4, width: 0.1, height: 0.3 } }];
  setTimeout(() => parentPort?.postMessage({ type: 'sightings', id, sightings }), 20);
}

if (path.endsWith('unusable')) parentPort?.postMessage({ type: 'unusable', reason: 'planted' });
else if (!path.endsWith('silent')) parentPort?.postMessage({ type: 'ready' });
parentPort?.on('message', look);
