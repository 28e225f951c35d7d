import { randomUUIDv7 } from 'node:crypto';
import { type Actor, maySee, systemActor } from '../../../shared/actor.ts';
import type { Log } from '../../../shared/log.ts';
import { appendLedger } from '../../../store/ledger-repository.ts';
import {
  insertLock,
  listLocks,
  lockById,
  markWarned,
  releaseLock,
  standingLocksOf,
  unwarnedLocks,
} from '../../../store/locks-repository.ts';
import type { Store, Tx } from '../../../store/store.ts';
import { type Lock, type LockView, lockView, mayRelease, warnMs } from './lock.ts';
import { LockNotFoundError, LockReleasedError, LockSpanError, OwnLockError } from './lock-errors.ts';

export interface LockBookOptions {
  readonly store: Store;
  /** The camera's area, as far as the actor may see the camera; fails when not. */
  readonly areaOf: (camera: string, actor: Actor) => string | undefined;
  readonly log: Log;
  readonly now?: (() => Date) | undefined;
}

/** Which footage is to stay, and why. */
export interface LockAsked {
  readonly camera: string;
  readonly from: string;
  readonly to: string;
  readonly headline: string;
  readonly reason: string;
  readonly expiresAt?: string | undefined;
}

export interface LockQuery {
  readonly camera?: string | undefined;
  readonly released?: boolean | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const mostLockMs = 7 * 86_400_000;

/** Footage that is locked: what the hold on it, its row of the ledger and the lock say is one transaction. */
export class LockBook {
  readonly #options: LockBookOptions;
  readonly #now: () => Date;

  constructor(options: LockBookOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /** Fails with `LOCK_SPAN`, or as `areaOf` does. */
  async lock(asked: LockAsked, actor: Actor): Promise<LockView> {
    const now = this.#now();
    const area = this.#options.areaOf(asked.camera, actor);
    const ms = Date.parse(asked.to) - Date.parse(asked.from);
    const isOver = asked.expiresAt !== undefined && Date.parse(asked.expiresAt) <= now.getTime();
    if (!(ms > 0 && ms <= mostLockMs) || isOver) throw new LockSpanError();
    const lock = lockOf({ ...asked, area }, actor, now);
    await this.#options.store.transaction((tx) => this.put(tx, lock, actor));
    return lockView(lock, now);
  }

  /** Within somebody's transaction. */
  async put(tx: Tx, lock: Lock, actor: Actor): Promise<void> {
    await insertLock(tx, lock);
    const { id, camera, from, to, headline, reason, request, expiresAt } = lock;
    const details = { camera, from, to, headline, reason, request, expiresAt };
    await appendLedger(tx, { actor, action: 'lock.put', object: id, result: 'ok', details });
  }

  /** Fails with `LOCK_NOT_FOUND`, `LOCK_RELEASED`, `LOCK_OWN_RELEASE`. */
  async release(id: string, { reason }: { readonly reason: string }, actor: Actor): Promise<LockView> {
    const now = this.#now();
    return await this.#options.store.transaction(async (tx) => {
      const lock = seenBy(actor, id, await lockById(tx, id));
      if (lock.releasedBy) throw new LockReleasedError(id);
      if (!mayRelease(lock, actor, now)) throw new OwnLockError();
      return lockView(await this.#letGo(tx, lock, { actor, reason, now }), now);
    });
  }

  /** What a request had locked, once it has come to nothing. */
  async releaseAllOf(tx: Tx, request: string, { actor, reason }: { actor: Actor; reason: string }): Promise<void> {
    const now = this.#now();
    for (const data of await standingLocksOf(tx, request)) {
      const lock: Lock = JSON.parse(data);
      await this.#letGo(tx, lock, { actor, reason, now });
    }
  }

  /** Newest first. */
  async list(query: LockQuery, actor: Actor): Promise<{ items: LockView[]; next?: string }> {
    const { camera, released = false, cursor: before, limit } = query;
    const rows = await listLocks(this.#options.store.db, { released, camera, before, limit, areas: actor.areas });
    const items = rows.map((data) => lockView(JSON.parse(data), this.#now()));
    const last = items.at(-1);
    return { items, ...(items.length === limit && last && { next: last.id }) };
  }

  /** Tells once of each lock that ends soon, in the log and in the ledger; it goes on holding. */
  async warn(): Promise<void> {
    const { store, log } = this.#options;
    const ending = await unwarnedLocks(store.db, new Date(this.#now().getTime() + warnMs), 100);
    for (const data of ending) {
      const { id, camera, headline, expiresAt }: Lock = JSON.parse(data);
      await store.transaction(async (tx) => {
        await markWarned(tx, id);
        const details = { camera, headline, expiresAt };
        await appendLedger(tx, { actor: systemActor, action: 'lock.expiring', object: id, result: 'ok', details });
      });
      log.warn({ lock: id, camera, headline, expiresAt }, 'a lock on footage ends soon');
    }
  }

  async #letGo(tx: Tx, lock: Lock, { actor, reason, now }: { actor: Actor; reason: string; now: Date }): Promise<Lock> {
    const released = { ...lock, releasedBy: { id: actor.id, name: actor.name, at: now.toISOString() } };
    if (!(await releaseLock(tx, released))) throw new LockReleasedError(lock.id);
    const details = { camera: lock.camera, from: lock.from, to: lock.to, lockedBy: lock.lockedBy.name, reason };
    await appendLedger(tx, { actor, action: 'lock.release', object: lock.id, result: 'ok', details });
    return released;
  }
}

export type LockMaking = Omit<LockAsked, 'area'> & {
  readonly area: string | undefined;
  readonly request?: string | undefined;
};

/** A lock that begins now. */
export function lockOf(making: LockMaking, { id: by, name }: Actor, now: Date): Lock {
  const { camera, area, from, to, headline, reason, request, expiresAt } = making;
  return {
    id: randomUUIDv7(),
    camera,
    ...(area !== undefined && { area }),
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    headline,
    reason,
    ...(request !== undefined && { request }),
    lockedBy: { id: by, name, at: now.toISOString() },
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
  };
}

/** A lock on a camera of another area does not exist for the actor. */
function seenBy(actor: Actor, id: string, data: string | undefined): Lock {
  const lock: Lock | undefined = data === undefined ? undefined : JSON.parse(data);
  if (!lock || !maySee(actor, lock.area)) throw new LockNotFoundError(id);
  return lock;
}
