import { randomUUIDv7 } from 'node:crypto';
import type { Actor } from '../../shared/actor.ts';
import { alertsHeldBy } from '../../store/alerts-repository.ts';
import { handoverById, handoversPage, insertHandover, updateHandover } from '../../store/handovers-repository.ts';
import { appendLedger } from '../../store/ledger-repository.ts';
import type { Store, Tx } from '../../store/store.ts';
import type { Alert } from '../alert.ts';
import { SeatNotFoundError } from '../alert-errors.ts';
import type { Deed } from '../alert-records.ts';
import type { AlertDesk, Amended } from '../desk.ts';
import type { Seats } from '../duty/seats.ts';
import { type BlindCamera, type Handover, type IncidentBrief, openWork } from './handover.ts';
import { HandoverNotFoundError, HandoverRefusedError } from './handover-errors.ts';

export interface HandoversOptions {
  readonly store: Store;
  readonly desk: AlertDesk;
  readonly seats: Pick<Seats, 'named'>;
  /** What is open beside alerts and silences, as far as the actor may see it. */
  readonly incidents: (actor: Actor) => Promise<readonly IncidentBrief[]>;
  readonly blind: (actor: Actor) => Promise<readonly BlindCamera[]>;
}

export interface Giving {
  readonly to?: string | undefined;
  readonly notes: string;
}

export interface HandoversPage {
  readonly items: Handover[];
  /** Left out on the last page. */
  readonly next?: string;
}

/** More than anybody has taken; the rest would stay theirs, and is said to. */
const mostMoved = 500;

/** Shifts that are given and taken (交接班): what was open, and who answers for it from then on. */
export class Handovers {
  readonly #options: HandoversOptions;

  constructor(options: HandoversOptions) {
    this.#options = options;
  }

  /** Writes down what is open now, signed by the giver. Fails with `SEAT_NOT_FOUND`. */
  async give({ to, notes }: Giving, actor: Actor): Promise<Handover> {
    const { store, desk, seats } = this.#options;
    if (to !== undefined && !(await seats.named(to))) throw new SeatNotFoundError(to);
    const now = new Date();
    const facts = {
      alerts: await desk.open(actor),
      incidents: await this.#options.incidents(actor),
      silences: await desk.silences.running(actor),
      blind: await this.#options.blind(actor),
    };
    const handover: Handover = {
      id: randomUUIDv7(),
      version: 1,
      state: 'given',
      giver: signatureOf(actor, now),
      ...(to !== undefined && { to }),
      notes,
      areas: actor.areas === 'all' ? 'all' : [...actor.areas],
      work: openWork(facts, actor.id, now),
    };
    await store.transaction(async (tx) => {
      await insertHandover(tx, handover);
      await record(tx, handover, { actor, action: 'handover.give', details: { to } });
    });
    return handover;
  }

  /**
   * The taker signs, and has what the giver had taken. Signed again by the same one nothing happens. Fails with
   * `HANDOVER_NOT_FOUND`, `HANDOVER_REFUSED`.
   */
  async sign(id: string, actor: Actor): Promise<Handover> {
    const { handover, moved } = await this.#options.store.transaction(async (tx) => {
      const given = seenBy(actor, id, parsed(await handoverById(tx, id)));
      if (given.taker?.id === actor.id) return { handover: given, moved: [] };
      refuseOther(given, actor);
      const taker = signatureOf(actor, new Date());
      const moved = await this.#move(tx, given, { actor, taker });
      const handover: Handover = { ...given, version: 2, state: 'signed', taker, moved: moved.length };
      if (!(await updateHandover(tx, handover))) throw new HandoverRefusedError('somebody else signed it');
      await record(tx, handover, { actor, action: 'handover.sign', details: { moved: moved.length } });
      return { handover, moved };
    });
    for (const { told } of moved) told();
    return handover;
  }

  async get(id: string, actor: Actor): Promise<Handover> {
    return seenBy(actor, id, parsed(await handoverById(this.#options.store.db, id)));
  }

  /** Newest first; only what the actor may see. */
  async list({ cursor, limit }: { cursor?: string | undefined; limit: number }, actor: Actor): Promise<HandoversPage> {
    const rows = await handoversPage(this.#options.store.db, { before: cursor, limit });
    const all = rows.flatMap((data) => parsed(data) ?? []);
    const items = all.filter(({ areas }) => covers(actor, areas));
    const last = all.at(-1);
    return all.length === limit && last ? { items, next: last.id } : { items };
  }

  /** All that the giver still has, also what was taken after the handover was written. */
  async #move(tx: Tx, { id, giver }: Handover, { actor, taker }: Taking): Promise<Amended[]> {
    const held = await alertsHeldBy(tx, giver.id, mostMoved);
    const moved: Amended[] = [];
    for (const { data } of held) {
      const alert: Alert = JSON.parse(data);
      const deed: Deed = { actor, action: 'alert.handover', details: { handover: id, from: giver.name } };
      const amended = await this.#options.desk.amendIn(tx, alert.id, (from) => ({
        make: (seq) => ({ ...from, seq, version: from.version + 1, acknowledgedBy: taker }),
        deed,
      }));
      if (amended) moved.push(amended);
    }
    return moved;
  }
}

interface Taking {
  readonly actor: Actor;
  readonly taker: Handover['giver'];
}

const signatureOf = ({ id, name }: Actor, now: Date) => ({ id, name, at: now.toISOString() });

function refuseOther({ state, giver, to }: Handover, { id, name }: Actor): void {
  if (state === 'signed') throw new HandoverRefusedError('somebody else signed it');
  if (giver.id === id) throw new HandoverRefusedError('whoever gives a shift does not take it');
  if (to !== undefined && to !== name) throw new HandoverRefusedError(`it is meant for ${to}`);
}

function seenBy(actor: Actor, id: string, handover: Handover | undefined): Handover {
  if (!handover || !covers(actor, handover.areas)) throw new HandoverNotFoundError(id);
  return handover;
}

function covers({ areas: own }: Actor, areas: Handover['areas']): boolean {
  if (own === 'all') return true;
  return areas !== 'all' && areas.every((area) => own.includes(area));
}

async function record(tx: Tx, { id, version, state }: Handover, { actor, action, details }: Deed): Promise<void> {
  const facts = { version, state, ...details };
  await appendLedger(tx, { actor, action, object: id, result: 'ok', details: facts });
}

/** Rows are written here alone, from handovers. */
function parsed(data: string | undefined): Handover | undefined {
  if (data === undefined) return undefined;
  const handover: Handover = JSON.parse(data);
  return handover;
}
