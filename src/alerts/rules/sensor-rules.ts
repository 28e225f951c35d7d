import type { SensorRule } from '../config.ts';
import type { Observation } from '../observation.ts';
import { alertKindOf, judgeReading } from './judge-reading.ts';
import type { Judgement } from './judgement.ts';
import { judgeSilence } from './no-data.ts';
import { namesItsSensors, RuleIndex } from './rule-index.ts';
import { isRaised, nextRuleState, type RuleStep } from './rule-state.ts';
import { newStanding, type Reading, SensorFile, type SensorPlace, type Standing } from './sensor-file.ts';

export type { Reading, SensorPlace } from './sensor-file.ts';

export type RuleOutcome =
  | { readonly type: 'observe'; readonly observation: Observation }
  | { readonly type: 'end'; readonly key: string; readonly at: Date };

/** The sensors there are, and where one of them stands; one without a place is not judged. */
export interface SensorList {
  readonly ids: readonly string[];
  readonly placeOf: (id: string) => SensorPlace | undefined;
}

/** What the surveyed place of a station can be off by. */
const sensorErrorMeters = 10;
/** A lasting silence is told again this often: the desk takes what nobody sees for half an hour for over. */
const retellMs = 600_000;
const nothing: readonly RuleOutcome[] = Object.freeze([]);

/** Holds where each rule stands with each sensor; the deciding itself is in the rules, which hold nothing. */
export class SensorRules {
  #rules: readonly SensorRule[] = [];
  #index = new RuleIndex([]);
  readonly #files = new Map<string, SensorFile>();
  /** Of rules that name their sensors, by rule. */
  #shared = new Map<string, Standing>();

  constructor(rules: readonly SensorRule[]) {
    this.configure(rules);
  }

  /**
   * From the next reading on these rules hold; one that goes on under its id and kind goes on from where it stands. Answers
   * the ends of what was raised by rules that are no more.
   */
  configure(rules: readonly SensorRule[]): RuleOutcome[] {
    const before = new Set(this.#standings());
    const old = new Map([...before].map((standing) => [standing.key, standing]));
    this.#rules = rules;
    this.#index = new RuleIndex(rules);
    const keep = (rule: SensorRule, key: string) => keptStanding(rule, key, old.get(key));
    const shared = rules.filter(namesItsSensors);
    this.#shared = new Map(shared.map((rule) => [rule.id, keep(rule, rule.id)]));
    for (const [id, file] of this.#files) file.standings = this.#standingsOf(id, keep);
    const kept = new Set([...this.#standings()].map(({ key }) => key));
    const gone = [...before].filter(({ key, state }) => !kept.has(key) && isRaised(state));
    return gone.map(({ key, at }) => ({ type: 'end', key, at: at ?? new Date() }));
  }

  /** What the desk is to be told of this reading. Readings older than the last one of the sensor say nothing. */
  reading(place: SensorPlace, reading: Reading): readonly RuleOutcome[] {
    const file = this.#file(place.id, (reading.receivedAt ?? reading.at).getTime());
    file.hear(place, reading);
    return file.standings.flatMap((standing) => this.#judge(standing, place, reading) ?? []);
  }

  /** What the desk is to be told of sensors that say nothing, by our own clock. */
  tick({ ids, placeOf }: SensorList, now: Date): readonly RuleOutcome[] {
    if (!this.#rules.some(({ kind }) => kind === 'no-data')) return nothing;
    return ids.flatMap((id) => {
      const file = this.#file(id, now.getTime());
      return file.standings.flatMap((standing) => {
        const outcome = silenceOutcome(standing, file, now);
        const place = outcome && placeOf(id);
        if (!outcome || !place) return [];
        return outcome.type === 'end' ? [outcome] : [observed(standing, { now, place, ...outcome })];
      });
    });
  }

  #judge(standing: Standing, place: SensorPlace, reading: Reading): RuleOutcome | undefined {
    const { rule, at: last } = standing;
    const isOld = last !== undefined && reading.at < last;
    // Of several sensors each has its own clock: the newest says when it is.
    if (isOld && this.#shared.get(rule.id) !== standing) return undefined;
    const judgement = judgeReading(standing, { place, reading, fileOf: (id) => this.#files.get(id) });
    if (!judgement) return undefined;
    const at = isOld ? last : reading.at;
    const outcome = stepped(standing, judgement.verdict, at);
    if (outcome?.type !== 'observe') return outcome && { type: 'end', key: standing.key, at };
    return observed(standing, { now: at, place: judgement.place ?? place, judgement, severity: outcome.severity });
  }

  #file(id: string, nowMs: number): SensorFile {
    const known = this.#files.get(id);
    if (known) return known;
    const file = new SensorFile(nowMs);
    file.standings = this.#standingsOf(id, newStanding);
    this.#files.set(id, file);
    return file;
  }

  #standingsOf(sensor: string, make: (rule: SensorRule, key: string) => Standing): Standing[] {
    return this.#index.of(sensor).map((rule) => this.#shared.get(rule.id) ?? make(rule, `${rule.id}:${sensor}`));
  }

  *#standings(): Iterable<Standing> {
    yield* this.#shared.values();
    for (const { standings } of this.#files.values()) yield* standings;
  }
}

type Observing = Pick<Observation, 'severity'> & {
  readonly now: Date;
  readonly place: SensorPlace;
  readonly judgement: Judgement;
};

function keptStanding(rule: SensorRule, key: string, old: Standing | undefined): Standing {
  return old?.rule.kind === rule.kind ? { ...old, rule } : newStanding(rule, key);
}

/** One judgement further. */
function stepped(standing: Standing, verdict: Judgement['verdict'], at: Date): RuleStep['outcome'] {
  const { hold, for: lasting } = standing.rule;
  const { state, outcome } = nextRuleState(standing.state, {
    verdict,
    at,
    holdMs: hold * 1_000,
    forMs: lasting * 1_000,
  });
  standing.state = state;
  standing.at = at;
  return outcome;
}

/** Of a rule on silence; undefined when there is nothing to tell, or nothing new. */
function silenceOutcome(standing: Standing, file: SensorFile, now: Date) {
  const { rule, key, state } = standing;
  if (rule.kind !== 'no-data') return undefined;
  const source = file.place?.name ?? key.slice(rule.id.length + 1);
  const judgement = judgeSilence(rule, Math.max(0, now.getTime() - file.heardMs(rule.measure)), source);
  const outcome = stepped(standing, judgement.verdict, now);
  if (outcome?.type !== 'observe') return outcome && ({ type: 'end', key, at: now } as const);
  if (isRaised(state) && now.getTime() - standing.toldMs < retellMs) return undefined;
  standing.toldMs = now.getTime();
  return { type: 'observe', severity: outcome.severity, judgement } as const;
}

function observed({ rule, key }: Standing, { now, place, judgement, severity }: Observing): RuleOutcome {
  const { id, position, area, road, stake, carriageway } = place;
  const { title } = judgement;
  const reasons = rule.advice === undefined ? judgement.reasons : [...judgement.reasons, { text: rule.advice }];
  const seen = { key, at: now, kind: alertKindOf(rule), severity, title, reasons };
  const where = {
    sensor: id,
    position: { errorMeters: sensorErrorMeters, ...position },
    area,
    road,
    stake,
    carriageway,
  };
  return { type: 'observe', observation: { ...seen, ...where } };
}
