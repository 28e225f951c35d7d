import { randomUUIDv7 } from 'node:crypto';
import { type Actor, maySee, systemActor } from '../../../shared/actor.ts';
import {
  evidenceRequestById,
  insertEvidenceRequest,
  listEvidenceRequests,
  overdueEvidenceRequests,
  updateEvidenceRequest,
} from '../../../store/evidence-repository.ts';
import { appendLedger } from '../../../store/ledger-repository.ts';
import type { Store, Tx } from '../../../store/store.ts';
import { type LockBook, lockOf } from '../locks/lock-book.ts';
import { EvidenceMoveError, EvidenceNotFoundError } from './evidence-errors.ts';
import type { EvidenceRequest, EvidenceStateName, EvidenceTerms } from './evidence-request.ts';
import { digestOf, type EvidenceMove, evidenceMs, nextRequest, stateAt } from './evidence-state.ts';
import { type EvidenceAsked, type EvidenceSubject, sureOfOne, termsOf } from './evidence-terms.ts';

export interface EvidenceDeskOptions {
  readonly store: Store;
  readonly locks: LockBook;
  /** Fails when there is no such alert or incident for the actor. */
  readonly subject: (asked: EvidenceAsked, actor: Actor) => Promise<EvidenceSubject>;
  /** The camera's area; fails when there is no such camera for the actor. */
  readonly areaOf: (camera: string, actor: Actor) => string | undefined;
  readonly now?: (() => Date) | undefined;
}

export interface EvidenceQuery {
  readonly state?: EvidenceStateName | undefined;
  readonly alert?: string | undefined;
  readonly incident?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const mostExpiries = 100;

/** Who asks for evidence and who lets it out: each step is one transaction with its row of the ledger (T40). */
export class EvidenceDesk {
  readonly #options: EvidenceDeskOptions;
  readonly #now: () => Date;

  constructor(options: EvidenceDeskOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /** From now on the footage stays. Fails with `EVIDENCE_TERMS`, `EVIDENCE_CAMERA`, and as the subject does. */
  async request(asked: EvidenceAsked, actor: Actor): Promise<EvidenceRequest> {
    const { store, subject: find } = this.#options;
    sureOfOne(asked);
    const subject = await find(asked, actor);
    const terms = termsOf(asked, subject);
    const request = requestOf(terms, subject.area, { actor, now: this.#now() });
    await store.transaction(async (tx) => {
      await insertEvidenceRequest(tx, request);
      await this.#lock(tx, request, actor);
      const details = { ...terms, digest: request.digest };
      await appendLedger(tx, { actor, action: 'evidence.request', object: request.id, result: 'ok', details });
    });
    return request;
  }

  /** Fails with `EVIDENCE_NOT_FOUND`, `EVIDENCE_MOVE_REFUSED`, `EVIDENCE_OWN_REQUEST`. */
  approve(id: string, actor: Actor): Promise<EvidenceRequest> {
    return this.#move(id, actor, (by) => ({ type: 'approve', by }));
  }

  /** What it had locked is let go. Fails as `approve` does. */
  refuse(id: string, { reason }: { readonly reason: string }, actor: Actor): Promise<EvidenceRequest> {
    return this.#move(id, actor, (by) => ({ type: 'refuse', by, reason }));
  }

  /** Fails with `EVIDENCE_NOT_FOUND`, `EVIDENCE_MOVE_REFUSED`, `EVIDENCE_OF_ANOTHER`. */
  withdraw(id: string, actor: Actor): Promise<EvidenceRequest> {
    return this.#move(id, actor, (by) => ({ type: 'withdraw', by }));
  }

  async get(id: string, actor: Actor): Promise<EvidenceRequest> {
    return this.#shown(seenBy(actor, id, await evidenceRequestById(this.#options.store.db, id)));
  }

  /** As somebody's transaction has it. */
  async standing(tx: Tx, id: string, actor: Actor): Promise<EvidenceRequest> {
    return this.#shown(seenBy(actor, id, await evidenceRequestById(tx, id)));
  }

  /** Newest first. */
  async list(query: EvidenceQuery, actor: Actor): Promise<{ items: EvidenceRequest[]; next?: string }> {
    const { cursor: before, ...asked } = query;
    const rows = await listEvidenceRequests(this.#options.store.db, { ...asked, before, areas: actor.areas });
    const items = rows.map((data) => this.#shown(JSON.parse(data)));
    const last = items.at(-1);
    return { items, ...(items.length === query.limit && last && { next: last.id }) };
  }

  /** Writes down what has expired. */
  async expire(): Promise<void> {
    const { store } = this.#options;
    for (const id of await overdueEvidenceRequests(store.db, this.#now(), mostExpiries))
      await store.transaction(async (tx) => {
        const from = seenBy(systemActor, id, await evidenceRequestById(tx, id));
        if (stateAt(from, this.#now()) === from.state) return;
        await this.#change(tx, { from, move: { type: 'expire' }, actor: systemActor });
      });
  }

  async #move(id: string, actor: Actor, moveOf: (by: Signed) => EvidenceMove): Promise<EvidenceRequest> {
    const { name } = actor;
    const move = moveOf({ id: actor.id, name, at: this.#now().toISOString() });
    return await this.#options.store.transaction(async (tx) => {
      const from = seenBy(actor, id, await evidenceRequestById(tx, id));
      return await this.#change(tx, { from, move, actor });
    });
  }

  async #change(tx: Tx, { from, move, actor }: Changing): Promise<EvidenceRequest> {
    const next = nextRequest(from, move, this.#now());
    if (!(await updateEvidenceRequest(tx, next, from.version))) throw new EvidenceMoveError(move.type, from.state);
    const { id, from: since, to, cameras, purpose, recipient, digest, requestedBy } = next;
    const said = { from: since, to, cameras, purpose, recipient, digest, requestedBy: requestedBy.name };
    const details = { ...said, ...(next.reason !== undefined && { reason: next.reason }) };
    await appendLedger(tx, { actor, action: `evidence.${move.type}`, object: id, result: 'ok', details });
    // What was approved once may be with a court: it stays locked until two people say otherwise.
    if (from.state === 'requested' && next.state !== 'approved')
      await this.#options.locks.releaseAllOf(tx, id, { actor, reason: `evidence ${next.state}` });
    return next;
  }

  async #lock(tx: Tx, { id, from, to, cameras, purpose }: EvidenceRequest, actor: Actor): Promise<void> {
    const { locks, areaOf } = this.#options;
    for (const camera of cameras) {
      const words = { headline: `evidence ${id}`, reason: purpose };
      const lock = lockOf({ camera, area: areaOf(camera, actor), from, to, ...words, request: id }, actor, this.#now());
      await locks.put(tx, lock, actor);
    }
  }

  #shown(request: EvidenceRequest): EvidenceRequest {
    return { ...request, state: stateAt(request, this.#now()) };
  }
}

type Signed = EvidenceRequest['requestedBy'];

interface Changing {
  readonly from: EvidenceRequest;
  readonly move: EvidenceMove;
  readonly actor: Actor;
}

function requestOf(
  terms: EvidenceTerms,
  area: string | undefined,
  { actor, now }: { readonly actor: Actor; readonly now: Date },
): EvidenceRequest {
  return {
    id: randomUUIDv7(),
    version: 1,
    state: 'requested',
    ...terms,
    digest: digestOf(terms),
    ...(area !== undefined && { area }),
    requestedBy: { id: actor.id, name: actor.name, at: now.toISOString() },
    expiresAt: new Date(now.getTime() + evidenceMs).toISOString(),
  };
}

/** Another area's request does not exist for the actor. */
function seenBy(actor: Actor, id: string, data: string | undefined): EvidenceRequest {
  const request: EvidenceRequest | undefined = data === undefined ? undefined : JSON.parse(data);
  if (!request || !maySee(actor, request.area)) throw new EvidenceNotFoundError(`request ${id}`);
  return request;
}
