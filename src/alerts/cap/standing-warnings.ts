import type { Areas } from '../../gis/areas.ts';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import type { Store } from '../../store/store.ts';
import { deleteWarning, listWarnings, saveWarning } from '../../store/warnings-repository.ts';
import type { Observation } from '../observation.ts';
import type { CapMessage } from './cap-message.ts';
import { inTurns } from './in-turns.ts';
import { type AreaCodes, orderOf, type PlacedNotice, placeMessage, type Warning } from './warning.ts';
import { wantedAlerts, warningKey } from './warning-alerts.ts';
import { WarningBook } from './warning-book.ts';

export interface WarningPorts {
  readonly areas: Areas;
  readonly store: Store;
  /** Answers the alert as it is stored: an older `lastSeenAt` means that the desk has not taken the observation yet. */
  readonly observe: (observation: Observation) => Promise<{ readonly lastSeenAt: string }>;
  readonly end: (key: string, at: Date) => Promise<unknown>;
  readonly log: Log;
}

/** What the desk was told of a warning in one area; nothing is known of what was told before the start. */
interface Told {
  readonly text: string;
  readonly at: number;
}

/** As it is stored: with the areas that may have an alert of it. */
interface StoredWarning {
  readonly warning: Warning;
  readonly areas: readonly string[];
}

/** Whose messages they are. */
export interface TakenFeed {
  readonly codes: AreaCodes;
  readonly signal: AbortSignal;
}

/** How many alerts may still be raised in one look. */
interface Raising {
  left: number;
}

/** A feed gone wild raises no more at a time; the rest follows with the next looks. */
const mostRaised = 20;
/** While it lasts it is told again this often: a desk that was busy misses nothing for good. */
const retellMs = 600_000;
const never: Told = { text: '', at: Number.NEGATIVE_INFINITY };

/** Keeps the desk's alerts in step with the warnings, also over a restart. Asked by one caller at a time. */
export class StandingWarnings {
  readonly #ports: WarningPorts;
  readonly #book = new WarningBook();
  readonly #told = new Map<string, Map<string, Told>>();
  readonly #stored = new Map<string, StoredWarning>();
  readonly #tally: ErrorTally;
  /** One feed after another: what several did at once, all else would wait for. */
  #taking: Promise<void> = Promise.resolve();

  constructor(ports: WarningPorts) {
    this.#ports = ports;
    this.#tally = new ErrorTally((count, err) => ports.log.warn({ count, err }, 'warnings not told'));
  }

  list(): readonly Warning[] {
    return this.#book.list();
  }

  /** Takes up what was known before the start. Fails when the database does. */
  async load(): Promise<void> {
    const known = new Set(this.#ports.areas.list().map(({ id }) => id));
    for (const data of await listWarnings(this.#ports.store.db)) {
      const stored: StoredWarning = JSON.parse(data);
      const { areas } = stored;
      const warning = withoutOthers(stored.warning, known);
      this.#book.restore(warning);
      this.#stored.set(warning.id, stored);
      this.#told.set(warning.id, new Map(areas.map((area) => [area, never])));
    }
  }

  /** Enters messages of a feed in the order in which they were sent. Fails once `signal` aborts, with what is placed by then. */
  take(messages: readonly CapMessage[], feed: TakenFeed): Promise<void> {
    const taken = this.#taking.then(() => this.#take(messages, feed));
    this.#taking = taken.catch(() => undefined);
    return taken;
  }

  /** Tells the desk what has begun, changed or ended by now. Never fails: what was not told is told with the next look. */
  async look(now: Date): Promise<void> {
    const raising: Raising = { left: mostRaised };
    for (const warning of this.#book.list()) {
      try {
        await this.#tell(warning, now, raising);
      } catch (error) {
        this.#tally.add(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  close(): void {
    this.#tally.close();
  }

  async #take(messages: readonly CapMessage[], { codes, signal }: TakenFeed): Promise<void> {
    const { areas, log } = this.#ports;
    for (const message of messages.toSorted((a, b) => orderOf(a).localeCompare(orderOf(b)))) {
      const placed = await inTurns(placeMessage(message, areas, codes), signal);
      if (placed.isHalfPlaced)
        log.warn({ warning: placed.id }, 'warning with outlines beyond reason, some areas left out');
      this.#book.take(placed);
    }
  }

  async #tell(warning: Warning, now: Date, raising: Raising): Promise<void> {
    const wanted = wantedAlerts(warning, now);
    const told = this.#told.get(warning.id) ?? new Map<string, Told>();
    const isQuiet = wanted.size === 0 && told.size === 0;
    if (isQuiet && warning.until <= now.toISOString()) return await this.#forget(warning);
    // Stored before it is told: an alert that nobody remembers would never be ended.
    await this.#save(warning, [...new Set([...told.keys(), ...wanted.keys()])]);
    if (isQuiet) return;
    this.#told.set(warning.id, told);
    await this.#end(
      warning,
      [...told.keys()].filter((area) => !wanted.has(area)),
      now,
    );
    for (const [area, observation] of wanted) {
      const known = told.get(area);
      if (isDue(known, observation) && (known || mayRaise(raising))) await this.#observe(told, area, observation);
    }
  }

  async #end(warning: Warning, areas: readonly string[], now: Date): Promise<void> {
    for (const area of areas) {
      await this.#ports.end(warningKey(warning, area), now);
      this.#told.get(warning.id)?.delete(area);
    }
  }

  async #observe(told: Map<string, Told>, area: string, observation: Observation): Promise<void> {
    const { lastSeenAt } = await this.#ports.observe(observation);
    const isTaken = lastSeenAt >= observation.at.toISOString();
    told.set(area, isTaken ? { text: textOf(observation), at: observation.at.getTime() } : never);
  }

  async #save(warning: Warning, areas: readonly string[]): Promise<void> {
    const stored = this.#stored.get(warning.id);
    // What never concerned us is read again from its feed.
    if (!stored && warning.notices.length === 0) return;
    if (stored?.warning === warning && String(stored.areas) === String(areas)) return;
    const row = { id: warning.id, until: warning.until, data: JSON.stringify({ warning, areas }) };
    await this.#ports.store.transaction((tx) => saveWarning(tx, row));
    this.#stored.set(warning.id, { warning, areas });
  }

  /** Over, and so long ago that no index speaks of it any more. */
  async #forget(warning: Warning): Promise<void> {
    if (this.#stored.has(warning.id)) await this.#ports.store.transaction((tx) => deleteWarning(tx, warning.id));
    this.#stored.delete(warning.id);
    this.#told.delete(warning.id);
    this.#book.forget(warning);
  }
}

function mayRaise(raising: Raising): boolean {
  raising.left -= 1;
  return raising.left >= 0;
}

function isDue(told: Told | undefined, observation: Observation): boolean {
  return told?.text !== textOf(observation) || observation.at.getTime() - told.at >= retellMs;
}

/** The warning as it concerns the areas that there are now. */
function withoutOthers(warning: Warning, areas: ReadonlySet<string>): Warning {
  const ours = (notice: PlacedNotice) => ({ ...notice, places: notice.places.filter(({ area }) => areas.has(area)) });
  return { ...warning, notices: warning.notices.map(ours) };
}

const textOf = ({ severity, title, reasons }: Observation) => JSON.stringify([severity, title, reasons]);
