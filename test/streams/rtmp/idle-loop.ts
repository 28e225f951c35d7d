import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const source = `
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { parentPort } = require('node:worker_threads');
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
parentPort.once('message', () => parentPort.postMessage(delay.percentile(99) / 1e6));
`;

/** A loop with nothing to do: what it waits for is the machine, not us. */
export function startIdleLoop() {
  const worker = new Worker(source, { eval: true });
  return {
    /** The 99th percentile of its delay so far, milliseconds; ends it. */
    async p99(): Promise<number> {
      worker.postMessage('stop');
      const [delayMs] = await once(worker, 'message');
      await worker.terminate();
      return Number(delayMs);
    },
  };
}
