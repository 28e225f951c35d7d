import type { Position } from '../alert.ts';
import type { SensorRule } from '../config.ts';
import type { KnownValue } from './combination.ts';
import { measured, type Values } from './judgement.ts';
import type { Sample } from './rate-of-change.ts';
import type { RuleState } from './rule-state.ts';

/** The sensor and where it stands. */
export interface SensorPlace {
  readonly id: string;
  readonly name?: string | undefined;
  readonly position: Position;
  readonly area?: string | undefined;
  readonly road?: string | undefined;
  readonly stake?: string | undefined;
  readonly carriageway?: 'up' | 'down' | undefined;
}

/** SI units: visibility in metres, temperature in °C, humidity in per cent, wind in m/s. */
export interface Reading {
  readonly at: Date;
  /** By our own clock; `at` when left out. */
  readonly receivedAt?: Date;
  readonly values: Values;
}

/** Where one rule stands with one sensor, or with the sensors it names. */
export interface Standing {
  readonly rule: SensorRule;
  readonly key: string;
  state: RuleState;
  /** Of the newest reading it was judged by. */
  at: Date | undefined;
  samples: readonly Sample[];
  /** When the desk last heard of it, for what is judged without a reading. */
  toldMs: number;
}

export function newStanding(rule: SensorRule, key: string): Standing {
  return { rule, key, state: { phase: 'unknown' }, at: undefined, samples: [], toldMs: Number.NEGATIVE_INFINITY };
}

/** What is known of one sensor, and the rules that look at it: found once and not at every reading. */
export class SensorFile {
  standings: readonly Standing[] = [];
  place: SensorPlace | undefined;
  readonly #knownSinceMs: number;
  readonly #heardMs = new Map<string, number>();
  readonly #newest = new Map<string, KnownValue>();
  #anythingMs: number;

  /** One never heard counts as heard when it is first known of, or every sensor would be silent at a start. */
  constructor(knownSinceMs: number) {
    this.#knownSinceMs = knownSinceMs;
    this.#anythingMs = knownSinceMs;
  }

  /** When it last spoke, of the measure or of any, by our own clock. */
  heardMs(measure: string | undefined): number {
    return measure === undefined ? this.#anythingMs : (this.#heardMs.get(measure) ?? this.#knownSinceMs);
  }

  newest(measure: string): KnownValue | undefined {
    return this.#newest.get(measure);
  }

  hear(place: SensorPlace, { at, receivedAt = at, values }: Reading): void {
    this.place = place;
    const [heardMs, source] = [receivedAt.getTime(), place.name ?? place.id];
    this.#anythingMs = Math.max(this.#anythingMs, heardMs);
    for (const measure of Object.keys(values)) {
      const value = measured(values, measure);
      if (value === undefined) continue;
      this.#heardMs.set(measure, Math.max(this.#heardMs.get(measure) ?? 0, heardMs));
      const known = this.#newest.get(measure);
      if (!known || known.at <= at) this.#newest.set(measure, { value, at, source });
    }
  }
}
