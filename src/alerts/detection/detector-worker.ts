import { parentPort, workerData } from 'node:worker_threads';
import { ModelUnusable } from './detector-errors.ts';
import { type GraphDetector, openGraphModel } from './graph-model.ts';
import { reasonOf } from './models/reason.ts';
import type { WorkerAnswer, WorkerRequest, WorkerSetup } from './worker-messages.ts';

/** The thread TensorFlow.js runs in: one model, one picture at a time. */
const setup: WorkerSetup = workerData;

function say(answer: WorkerAnswer): void {
  parentPort?.postMessage(answer);
}

async function look(detector: GraphDetector, { id, frame, regions }: WorkerRequest): Promise<void> {
  try {
    const sightings = await detector.detect(frame, regions);
    say({ type: 'sightings', id, sightings });
  } catch (error) {
    // Memory that ran out or was written over is never right again: this thread ends, another takes its place.
    if (isFatal(error)) throw error;
    say({ type: 'failed', id, message: reasonOf(error) });
  }
}

function isFatal(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError');
}

try {
  const detector = await openGraphModel(setup);
  let last: Promise<void> = Promise.resolve();
  parentPort?.on('message', (request: WorkerRequest) => {
    last = last.then(() => look(detector, request));
  });
  say({ type: 'ready', facts: detector.facts });
} catch (error) {
  say({ type: 'unusable', reason: error instanceof ModelUnusable ? error.reason : reasonOf(error) });
}
