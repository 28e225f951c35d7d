import { setTimeout as delay } from 'node:timers/promises';

export interface Deadline {
  readonly ms: number;
  readonly signal: AbortSignal;
}

/** Waits for the work so long and no longer; what becomes of it afterwards is nobody's business. */
export async function withinDeadline(work: Promise<void>, { ms, signal }: Deadline): Promise<void> {
  const done = new AbortController();
  const waiting = delay(ms, undefined, { signal: AbortSignal.any([done.signal, signal]) });
  const overdue = waiting.then(() => Promise.reject(new Error(`no end within ${ms} ms`)));
  try {
    await Promise.race([work, overdue]);
  } finally {
    done.abort();
  }
}
