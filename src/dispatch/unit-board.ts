import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../shared/log.ts';
import { type Sendable, sendableOf } from './candidates/sendable.ts';
import { terminalOf, type UnitConfig } from './config.ts';
import { type Fix, type Refusal, refusals } from './fix.ts';
import type { Unit } from './unit.ts';
import {
  type Duty,
  newUnit,
  nextUnit,
  type PlaceFinder,
  type TerminalReport,
  type UnitEvent,
  type UnitNotes,
  type UnitState,
  unitOf,
} from './unit-state.ts';

/** A position as the terminals' feed says it; an SOS with a point is one too. */
export interface UnitPosition extends Fix {
  readonly device: string;
}

export interface UnitStatusReport extends TerminalReport {
  readonly device: string;
}

/** Whether a device still speaks, as whoever listens to all of them knows. */
export interface Presence {
  readonly device: string;
  readonly online: boolean;
}

/** A fix that moved its unit. */
export interface UnitMove {
  readonly unit: string;
  readonly fix: Fix;
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

/** Where every unit is and whether its terminal still speaks. Safe to be told the same thing twice. */
export class UnitBoard extends EventEmitter<UnitBoardEvents> {
  readonly #states: Map<string, UnitState>;
  readonly #unitOfTerminal: ReadonlyMap<string, string>;
  readonly #find: PlaceFinder;
  readonly #latest: LatestFixes;
  readonly #log: Log;
  readonly #refused = Object.fromEntries(refusals.map((reason) => [reason, 0])) as Record<Refusal, number>;
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

  /** Takes up the last known places. */
  start(): void {
    this.#restored ??= this.#restore();
  }

  /** Resolves when the last known places are on the board, or could not be read. */
  async ready(): Promise<void> {
    await this.#restored;
  }

  /** Answers with the move, when the fix moved a unit. */
  position({ device, ...fix }: UnitPosition): UnitMove | undefined {
    const unit = this.#unitOfTerminal.get(device);
    return unit !== undefined && this.#tell(unit, { type: 'position', fix }) ? { unit, fix } : undefined;
  }

  status({ device, ...report }: UnitStatusReport): void {
    this.#tell(this.#unitOfTerminal.get(device), { type: 'status', report });
  }

  /** A terminal that fell silent takes its unit offline; a word of any kind brings it back. */
  presence({ device, online }: Presence): void {
    this.#tell(this.#unitOfTerminal.get(device), { type: 'presence', online });
  }

  /** What others of the house know of the unit; what is left out stays. */
  note(id: string, notes: Partial<UnitNotes>): void {
    this.#tell(id, { type: 'noted', notes });
  }

  /** What an assignment has the unit do from now on. */
  bind(id: string, duty: Duty): void {
    this.#tell(id, { type: 'duty', duty });
  }

  list(): Unit[] {
    return [...this.#states.values()].map(unitOf);
  }

  get(id: string): Unit | undefined {
    const state = this.#states.get(id);
    return state && unitOf(state);
  }

  /** Everybody, with what decides who is sent. */
  sendables(): Sendable[] {
    return [...this.#states.values()].map(sendableOf);
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
    await this.#restored;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** True when the event was taken. */
  #tell(id: string | undefined, event: UnitEvent): boolean {
    const before = id === undefined ? undefined : this.#states.get(id);
    if (id === undefined || !before) return false;
    const { state, refused } = nextUnit(before, event, this.#find);
    if (refused && event.type === 'position') this.#refused[refused] += 1;
    if (state !== before) this.#set(id, state, before);
    return refused === undefined;
  }

  #set(id: string, state: UnitState, before: UnitState): void {
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
