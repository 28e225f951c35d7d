import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../shared/log.ts';
import { terminalOf, type UnitConfig } from './config.ts';
import { type Fix, type Refusal, refusals } from './fix.ts';
import type { Unit } from './unit.ts';
import { newUnit, nextUnit, type PlaceFinder, type UnitEvent, type UnitState, unitOf } from './unit-state.ts';

/** A position as the terminals' feed says it; an SOS with a point is one too. */
export interface UnitPosition extends Fix {
  readonly device: string;
  readonly receivedAt: Date;
}

export interface UnitStatusReport {
  readonly device: string;
  readonly at: Date;
  readonly receivedAt: Date;
  readonly online: boolean;
  readonly battery?: number;
}

/** The newest fix of every terminal, from wherever telemetry is kept. */
export type LatestFixes = () => Promise<readonly (Fix & { readonly device: string })[]>;

export interface UnitBoardOptions {
  readonly units: readonly UnitConfig[];
  readonly find: PlaceFinder;
  readonly latest: LatestFixes;
  readonly log: Log;
}

export interface UnitBoardEvents {
  changed: [unit: Unit];
}

const sweepMs = 2_000;

/** Where every unit is and whether its terminal still speaks. Safe to be told the same thing twice. */
export class UnitBoard extends EventEmitter<UnitBoardEvents> {
  readonly #states: Map<string, UnitState>;
  readonly #unitOfTerminal: ReadonlyMap<string, string>;
  readonly #find: PlaceFinder;
  readonly #latest: LatestFixes;
  readonly #log: Log;
  readonly #refused = Object.fromEntries(refusals.map((reason) => [reason, 0])) as Record<Refusal, number>;
  #timer: NodeJS.Timeout | undefined;
  #restored: Promise<void> | undefined;

  constructor({ units, find, latest, log }: UnitBoardOptions) {
    super();
    this.#states = new Map(units.map((config) => [config.id, newUnit(config)]));
    this.#unitOfTerminal = new Map(units.map((config) => [terminalOf(config), config.id]));
    this.#find = find;
    this.#latest = latest;
    this.#log = log;
  }

  /** Fixes that moved nobody, by reason, since the start. */
  get refused(): Readonly<Record<Refusal, number>> {
    return this.#refused;
  }

  /** Takes up the last known places and watches for silence until closed. */
  start(): void {
    this.#timer ??= setInterval(() => this.sweep(Date.now()), sweepMs).unref();
    this.#restored ??= this.#restore();
  }

  /** Resolves when the last known places are on the board, or could not be read. */
  async ready(): Promise<void> {
    await this.#restored;
  }

  position({ device, receivedAt, ...fix }: UnitPosition): void {
    this.#tell(this.#unitOfTerminal.get(device), { type: 'position', fix, receivedAt });
  }

  status({ device, ...report }: UnitStatusReport): void {
    this.#tell(this.#unitOfTerminal.get(device), { type: 'status', ...report });
  }

  /** Terminals that have been silent for a minute are offline from now on. */
  sweep(now: number): void {
    for (const id of this.#states.keys()) this.#tell(id, { type: 'clock', now });
  }

  list(): Unit[] {
    return [...this.#states.values()].map(unitOf);
  }

  get(id: string): Unit | undefined {
    const state = this.#states.get(id);
    return state && unitOf(state);
  }

  /** The unit the device speaks for. */
  ofTerminal(device: string): Unit | undefined {
    const id = this.#unitOfTerminal.get(device);
    return id === undefined ? undefined : this.get(id);
  }

  /** The device that speaks for the unit. */
  terminalOf(id: string): string | undefined {
    const state = this.#states.get(id);
    return state && terminalOf(state.config);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#restored;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #tell(id: string | undefined, event: UnitEvent): void {
    const before = id === undefined ? undefined : this.#states.get(id);
    if (id === undefined || !before) return;
    const { state, refused } = nextUnit(before, event, this.#find);
    if (refused && event.type === 'position') this.#refused[refused] += 1;
    if (state === before) return;
    this.#states.set(id, state);
    const unit = unitOf(state);
    if (!isDeepStrictEqual(unit, unitOf(before))) this.emit('changed', unit);
  }

  async #restore(): Promise<void> {
    try {
      for (const { device, ...fix } of await this.#latest()) {
        this.#tell(this.#unitOfTerminal.get(device), { type: 'restored', fix });
      }
    } catch (err) {
      this.#log.warn({ err }, 'last known places of units could not be read');
    }
  }
}
