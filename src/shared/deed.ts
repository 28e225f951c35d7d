import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Actor } from './actor.ts';
import { AppError } from './app-error.ts';

/** What somebody is about to do that no transaction can take back. `details` never hold a secret. */
export interface Deed {
  readonly actor: Actor;
  readonly action: string;
  readonly object?: string;
  readonly details?: object;
}

/** How it ended; `details` say more than those it began with. */
export interface DeedEnd {
  readonly result: 'ok' | 'failed';
  readonly details?: object;
}

/** Tells how it ended, which is its row in the ledger. Never fails: a row that cannot be written yet is written later. */
export type EndDeed = (end: DeedEnd) => Promise<void>;

/** Fails when the ledger could not be written: then it must not be done. Several end as one. */
export type BeginDeed = (...deeds: readonly Deed[]) => Promise<EndDeed>;

/** Does it, once it is known that it can be told of, and tells how it ended. */
export async function perform<T>(begun: Promise<EndDeed>, act: () => Promise<T>): Promise<T> {
  const end = await begun;
  let done: T;
  try {
    done = await act();
  } catch (error) {
    await end({ result: 'failed', details: { reason: reasonOf(error) } });
    throw error;
  }
  await end({ result: 'ok' });
  return done;
}

/** Tells, once the bytes are read to their end or nobody reads them any more. Of what is broken off somebody may hold a part. */
export function tellWhenRead(bytes: Readable, end: EndDeed): Promise<void> {
  return finished(bytes).then(
    () => end({ result: 'ok' }),
    (error: unknown) => end({ result: 'failed', details: { reason: reasonOf(error) } }),
  );
}

/** The stable word of a failure: what it says beyond that may be a stranger's. */
function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  const isPremature = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
  if (isPremature) return 'broken off';
  return error instanceof Error ? error.name : 'unknown';
}
