import type { Position } from '../alert.ts';
import type { SensorRule } from '../config.ts';
import type { Observation } from '../observation.ts';
import { judgeIce } from './ice.ts';
import type { Judgement, Values } from './judgement.ts';
import { nextRuleState, type RuleState } from './rule-state.ts';
import { judgeStrongWind } from './strong-wind.ts';
import { judgeVisibility } from './visibility.ts';

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
  readonly values: Values;
}

export type RuleOutcome =
  | { readonly type: 'observe'; readonly observation: Observation }
  | { readonly type: 'end'; readonly key: string; readonly at: Date };

interface Standing {
  readonly state: RuleState;
  readonly at: Date;
}

/** What the surveyed place of a station can be off by. */
const sensorErrorMeters = 10;

/** Holds where each rule stands with each sensor; the deciding itself is in the rules, which hold nothing. */
export class SensorRules {
  #rules: readonly SensorRule[];
  readonly #standings = new Map<string, Standing>();

  constructor(rules: readonly SensorRule[]) {
    this.#rules = rules;
  }

  /** From the next reading on these rules hold; one that goes on under its id goes on from where it stands. */
  configure(rules: readonly SensorRule[]): void {
    this.#rules = rules;
  }

  /** What the desk is to be told of this reading. Readings older than the last one of the sensor say nothing. */
  reading(place: SensorPlace, reading: Reading): RuleOutcome[] {
    const rules = this.#rules.filter(({ sensors }) => sensors === undefined || sensors.includes(place.id));
    return rules.flatMap((rule) => this.#apply(rule, place, reading) ?? []);
  }

  #apply(rule: SensorRule, place: SensorPlace, { at, values }: Reading): RuleOutcome | undefined {
    const judgement = judge(rule, values, place.name ?? place.id);
    const key = `${rule.id}:${place.id}`;
    const standing = this.#standings.get(key);
    if (!judgement || (standing && at < standing.at)) return undefined;
    const from = standing?.state ?? { phase: 'unknown' };
    const { state, outcome } = nextRuleState(from, { verdict: judgement.verdict, at, holdMs: rule.hold * 1_000 });
    this.#standings.set(key, { state, at });
    if (outcome?.type === 'end') return { type: 'end', key, at };
    if (!outcome) return undefined;
    const { title, reasons } = judgement;
    const seen = { key, at, kind: rule.kind, severity: outcome.severity, title, reasons };
    return { type: 'observe', observation: { ...seen, ...sensorPlace(place) } };
  }
}

/** Each rule reads what it knows of a reading. */
function judge(rule: SensorRule, values: Values, source: string): Judgement | undefined {
  switch (rule.kind) {
    case 'low-visibility':
      return judgeVisibility(rule, values, source);
    case 'ice':
      return judgeIce(rule, values, source);
    case 'strong-wind':
      return judgeStrongWind(rule, values, source);
  }
}

function sensorPlace({ id, position, area, road, stake, carriageway }: SensorPlace) {
  return { sensor: id, position: { errorMeters: sensorErrorMeters, ...position }, area, road, stake, carriageway };
}
