import { setTimeout as sleep } from 'node:timers/promises';
import { type Actor, type Role, roles } from '../../shared/actor.ts';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import { appendLedger } from '../../store/ledger-repository.ts';
import type { Store, Tx } from '../../store/store.ts';
import {
  endWatch,
  insertWatch,
  openWatches,
  touchOpenWatches,
  type WatchesTable,
} from '../../store/watches-repository.ts';
import { OwedRows, whenLate } from '../ledger/owed-rows.ts';

/** Somebody begins to watch a camera, or what was recorded of it, or ends. */
export interface WatchNote {
  readonly actor: Actor;
  readonly action: 'watch.start' | 'watch.stop';
  readonly object: string;
  readonly result: 'ok';
  /** The same for the beginning and the end. */
  readonly watch: string;
  readonly details: {
    readonly over: string;
    readonly incident?: string;
    /** Of a recording, and how far it was seen. */
    readonly from?: string;
    readonly to?: string;
    readonly reason?: string;
  };
}

export interface WatchRecordsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly heartbeatMs?: number;
}

/** Half of what a crash may leave unknown of the end of a watch. */
const heartbeatMs = 10_000;

/** Who watched which camera from when to when and why: a record each, with its rows in the ledger, in order. */
export class WatchRecords {
  readonly #options: WatchRecordsOptions;
  readonly #closing = new AbortController();
  readonly #unseen: ErrorTally;
  readonly #owed: OwedRows;
  #beating: Promise<void> | undefined;

  constructor(options: WatchRecordsOptions) {
    this.#options = options;
    this.#unseen = new ErrorTally((count, err) => options.log.error({ count, err }, 'watching not kept known'));
    this.#owed = new OwedRows(options);
  }

  /** Ends what a crash left open, then keeps the open ones known. */
  start(): void {
    // Before anything is noted: what is open then was left by a crash.
    if (!this.#beating) void this.#owed.write(endAllCrashed);
    this.#beating ??= this.#run(this.#closing.signal);
  }

  /** Safe to call twice; all that was noted is in the database afterwards. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#beating;
    await this.#owed.close();
    this.#unseen.close();
  }

  note(note: WatchNote): void {
    void this.#owed.write((tx, since) =>
      note.action === 'watch.start' ? begin(tx, note, since) : end(tx, note, since),
    );
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { store, heartbeatMs: everyMs = heartbeatMs } = this.#options;
    while (!signal.aborted) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      await touchOpenWatches(store.db, new Date().toISOString()).catch((error) => this.#unseen.add(error));
    }
  }
}

async function begin(tx: Tx, { watch: id, actor, object, details, ...entry }: WatchNote, at: string): Promise<void> {
  const { over, incident = null, from = null } = details;
  await insertWatch(tx, {
    ...{
      id,
      actor: actor.name,
      role: actor.role,
      address: actor.address ?? null,
      camera: object.replace('camera/', ''),
    },
    ...{ over, incident, footage_from: from, started_at: at, seen_at: at },
  });
  await appendLedger(tx, { actor, object, details: { ...details, ...whenLate(at) }, ...entry });
}

async function end(tx: Tx, { watch: id, ...entry }: WatchNote, at: string): Promise<void> {
  const { reason = 'left', to } = entry.details;
  const isNew = await endWatch(tx, {
    id,
    at,
    reason,
    ...(to !== undefined && { footageTo: to }),
  });
  if (isNew) await appendLedger(tx, { ...entry, details: { ...entry.details, ...whenLate(at) } });
}

async function endAllCrashed(tx: Tx): Promise<void> {
  for (const left of await openWatches(tx)) await endCrashed(tx, left);
}

/** What is known of its end is when it was last seen. */
async function endCrashed(tx: Tx, { id, actor: name, role, camera, seen_at: at, over, incident }: WatchesTable) {
  if (!(await endWatch(tx, { id, at, reason: 'crashed' }))) return;
  const actor: Actor = { id: name, name, role: roleOf(role), areas: 'all' };
  const details = { over, ...(incident !== null && { incident }), reason: 'crashed', at };
  await appendLedger(tx, { actor, action: 'watch.stop', object: `camera/${camera}`, result: 'ok', details });
}

function roleOf(text: string): Role | 'system' {
  return roles.find((role) => role === text) ?? 'system';
}
