import { parentPort, workerData } from 'node:worker_threads';
import { type GraphDetector, openGraphModel } from './graph-model.ts';
import type { WorkerAnswer, WorkerRequest, WorkerSetup } from './worker-messages.ts';

/** The thread TensorFlow.js runs in: one model, one picture at a time. */
const setup: WorkerSetup = workerData;

function say(answer: WorkerAnswer, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(answer, transfer);
}

async function look(detector: GraphDetector, { id, frame }: WorkerRequest): Promise<void> {
  try {
    const sightings = await detector.detect(frame);
    say({ type: 'sightings', id, rgb: frame.rgb, sightings }, [frame.rgb.buffer]);
  } catch (error) {
    say({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  }
}

try {
  const detector = await openGraphModel({ ...setup, labels: new Map(setup.labels) });
  let last: Promise<void> = Promise.resolve();
  parentPort?.on('message', (request: WorkerRequest) => {
    last = last.then(() => look(detector, request));
  });
  say({ type: 'ready' });
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'MODEL_UNUSABLE';
  say({ type: 'unusable', code, message: error instanceof Error ? error.message : String(error) });
}
