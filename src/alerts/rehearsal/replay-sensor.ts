import type { SensorRule } from '../config.ts';
import { type RuleOutcome, SensorRules } from '../rules/sensor-rules.ts';
import type { SensorTrace } from '../traces/trace.ts';
import { type CaseOutcome, leadMs } from './rehearsal-case.ts';

export interface SensorReplay {
  readonly rules: readonly SensorRule[];
  /** Of the rule: its id, and the sensor's when it stands with one. */
  readonly key: string;
  readonly raisedAt: Date;
  readonly trace: SensorTrace;
}

/** How often a rule on silence looks. */
const tickMs = 5_000;

/** Plays what was measured around one alert through the rule that raised it, as that rule is now. */
export function replaySensor({ rules, key, raisedAt, trace }: SensorReplay): CaseOutcome {
  const rule = rules.find(({ id }) => id === key.split(':')[0]);
  if (!rule) return { type: 'silent', because: 'no such rule any more' };
  const seenAt = standsFrom(raisedAt.getTime() - leadMs, play(rule, trace));
  if (seenAt !== undefined) return { type: 'raised', at: new Date(seenAt) };
  const spanMs = Date.parse(trace.to) - Date.parse(trace.from);
  const isShort = neededMs(rule) > spanMs;
  return isShort
    ? { type: 'unknown', because: 'the trace is shorter than what the rule looks at' }
    : { type: 'silent' };
}

/** Under this the rule never raises, whatever was measured. */
function neededMs(rule: SensorRule): number {
  const half = rule.kind === 'rate' ? rule.window / 2 : 0;
  const silence = rule.kind === 'no-data' ? rule.after : 0;
  return (rule.for + half + silence) * 1_000;
}

interface Told {
  readonly at: number;
  readonly type: RuleOutcome['type'];
}

/** When the rule stood raised at `sinceMs` or later: a lasting silence is not told of at every moment. */
function standsFrom(sinceMs: number, told: readonly Told[]): number | undefined {
  const before = told.findLast(({ at }) => at < sinceMs);
  if (before?.type === 'observe') return before.at;
  return told.find(({ at, type }) => at >= sinceMs && type === 'observe')?.at;
}

/** What the rule said of all that was measured, in the order of time. */
function play(rule: SensorRule, trace: SensorTrace): Told[] {
  const rules = new SensorRules([rule]);
  const isOfSilence = rule.kind === 'no-data';
  const told: Told[] = [];
  const take = (at: number, outcomes: readonly RuleOutcome[]) => {
    for (const { type } of outcomes) told.push({ at, type });
  };
  const sensors = { ids: [trace.sensor], placeOf: (id: string) => placed(id) };
  let clock = Date.parse(trace.from);
  const wait = (until: number) => {
    for (; isOfSilence && clock < until; clock += tickMs) take(clock, rules.tick(sensors, new Date(clock)));
  };
  for (const { sensor, at, values } of readingsOf(trace)) {
    wait(at);
    take(at, rules.reading(placed(sensor), { at: new Date(at), values }));
  }
  wait(Date.parse(trace.to));
  return told;
}

/** Where a replayed sensor stands means nothing: nothing of it is raised. */
const placed = (id: string) => ({ id, position: { lat: 0, lon: 0 } });

interface Reading {
  readonly sensor: string;
  readonly at: number;
  readonly values: Readonly<Record<string, number>>;
}

/** The series as they came in: what one sensor measured at one time is one reading. */
function readingsOf({ from, series }: SensorTrace): Reading[] {
  const fromMs = Date.parse(from);
  const readings = new Map<string, { sensor: string; at: number; values: Record<string, number> }>();
  for (const { sensor, measure, points } of series)
    for (const [ms, value] of points) {
      const id = `${sensor} ${ms}`;
      const reading = readings.get(id) ?? { sensor, at: fromMs + ms, values: {} };
      reading.values[measure] = value;
      readings.set(id, reading);
    }
  return [...readings.values()].toSorted((a, b) => a.at - b.at);
}
