import { randomUUIDv7 } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { type Actor, maySee, systemActor } from '../../shared/actor.ts';
import { loadedOnce } from '../../shared/loaded-once.ts';
import { appendLedger } from '../../store/ledger-repository.ts';
import {
  endSilence,
  insertSilence,
  settleSilence,
  silenceById,
  silencedCounts,
  silencesPage,
  unsettledSilences,
} from '../../store/silences-repository.ts';
import type { Store } from '../../store/store.ts';
import type { Observation } from '../observation.ts';
import { type Silence, type SilenceOrder, silences } from './silence.ts';
import { SilenceNotFoundError, SilenceRefusedError } from './silence-errors.ts';

/** A silence, and how many alerts it has kept quiet so far. */
export type CountedSilence = Silence & { readonly count: number };

export interface SilencesPage {
  readonly items: CountedSilence[];
  /** Left out on the last page. */
  readonly next?: string;
}

const mostRunning = 500;

/** What is not to ring for a while. Emits `changed` when one begins or ends. */
export class Silences extends EventEmitter<{ changed: [silence: Silence] }> {
  readonly #store: Store;
  readonly #unsettled = new Map<string, Silence>();
  readonly #loaded = loadedOnce(() => this.#load());

  constructor(store: Store) {
    super();
    this.#store = store;
  }

  /** Fails with `SILENCE_REFUSED`. */
  async begin({ minutes, ...order }: SilenceOrder, actor: Actor): Promise<Silence> {
    refuseWide(order, actor);
    const running = await this.running();
    if (running.length >= mostRunning) throw new SilenceRefusedError(`${mostRunning} are running already`);
    const now = new Date();
    const until = new Date(now.getTime() + minutes * 60_000).toISOString();
    const by = { id: actor.id, name: actor.name, at: now.toISOString() };
    const silence: Silence = { id: randomUUIDv7(), ...order, by, until };
    await this.#store.transaction(async (tx) => {
      await insertSilence(tx, silence);
      const details = { ...order, until };
      await appendLedger(tx, { actor, action: 'silence.begin', object: silence.id, result: 'ok', details });
    });
    this.#know(silence);
    return silence;
  }

  /** One that has ended already is answered as it is. Fails with `SILENCE_NOT_FOUND`. */
  async end(id: string, actor: Actor): Promise<Silence> {
    const ended = await this.#store.transaction(async (tx) => {
      const found = parsed(await silenceById(tx, id));
      if (!found || !maySee(actor, found.area)) throw new SilenceNotFoundError(id);
      if (found.endedAt !== undefined) return found;
      const at = new Date().toISOString();
      const count = (await silencedCounts(tx, [id])).get(id) ?? 0;
      const silence = { ...found, endedAt: at, endedBy: { id: actor.id, name: actor.name, at }, count };
      await endSilence(tx, silence);
      await appendLedger(tx, { actor, action: 'silence.end', object: id, result: 'ok', details: { count } });
      return silence;
    });
    await this.#loaded();
    if (this.#unsettled.get(id)?.endedAt === undefined) this.#know(ended);
    return ended;
  }

  /** Ends those whose time is up. Answers all that have ended while their alerts do not ring again yet. */
  async ending(now: Date): Promise<Silence[]> {
    await this.#loaded();
    for (const { id, endedAt, until } of [...this.#unsettled.values()])
      if (endedAt === undefined && until <= now.toISOString()) await this.end(id, systemActor);
    return [...this.#unsettled.values()].filter(({ endedAt }) => endedAt !== undefined);
  }

  /** Whatever outlasts it rings again. */
  async settled(id: string): Promise<void> {
    await settleSilence(this.#store.db, id);
    this.#unsettled.delete(id);
  }

  /** Id of the silence that the observation falls into. */
  async covering(observation: Observation): Promise<string | undefined> {
    await this.#loaded();
    const now = new Date();
    return [...this.#unsettled.values()].find((silence) => silences(silence, observation, now))?.id;
  }

  /** Those that last, oldest first. */
  async running(actor: Actor = systemActor): Promise<Silence[]> {
    await this.#loaded();
    const lasting = [...this.#unsettled.values()].filter(({ endedAt }) => endedAt === undefined);
    return lasting.filter(({ area }) => maySee(actor, area));
  }

  /** Newest first, also what has ended; only what the actor may see. */
  async list({ cursor, limit }: { cursor?: string | undefined; limit: number }, actor: Actor): Promise<SilencesPage> {
    const rows = await silencesPage(this.#store.db, { before: cursor, limit });
    const all = rows.flatMap((data) => parsed(data) ?? []);
    const seen = all.filter(({ area }) => maySee(actor, area));
    const counts = await silencedCounts(
      this.#store.db,
      seen.map(({ id }) => id),
    );
    const items = seen.map((silence) => ({ ...silence, count: silence.count ?? counts.get(silence.id) ?? 0 }));
    const last = all.at(-1);
    return all.length === limit && last ? { items, next: last.id } : { items };
  }

  #know(silence: Silence): void {
    this.#unsettled.set(silence.id, silence);
    this.emit('changed', silence);
  }

  async #load(): Promise<void> {
    for (const data of await unsettledSilences(this.#store.db)) {
      const silence = parsed(data);
      if (silence) this.#unsettled.set(silence.id, silence);
    }
  }
}

/** Who is limited to areas silences within one of them. */
function refuseWide({ kind, area, camera, sensor }: Omit<SilenceOrder, 'minutes'>, { areas }: Actor): void {
  if (kind === 'sos') throw new SilenceRefusedError('a call for help is always heard');
  if ([kind, area, camera, sensor].every((part) => part === undefined))
    throw new SilenceRefusedError('say which kind, area, camera or sensor');
  if (areas !== 'all' && !(area !== undefined && areas.includes(area)))
    throw new SilenceRefusedError('name one of your areas');
}

/** Rows are written here alone, from silences. */
function parsed(data: string | undefined): Silence | undefined {
  if (data === undefined) return undefined;
  const silence: Silence = JSON.parse(data);
  return silence;
}
