import { setImmediate as others } from 'node:timers/promises';

const sliceMs = 10;

/** Takes the steps of some long work; every few milliseconds all else has its turn. Fails once `signal` aborts. */
export async function inTurns<T>(steps: Generator<void, T>, signal: AbortSignal): Promise<T> {
  let until = performance.now() + sliceMs;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await others(undefined, { signal });
    until = performance.now() + sliceMs;
  }
}
