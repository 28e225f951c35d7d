import type { SensorRule } from '../config.ts';
import { judgeReading } from './judge-reading.ts';
import { namesItsSensors, RuleIndex } from './rule-index.ts';
import { observed, type RuleOutcome, stepped } from './rule-outcome.ts';
import { isRaised } from './rule-state.ts';
import { newStanding, type Reading, SensorFile, type SensorPlace, type Standing } from './sensor-file.ts';
import { silenceOf, silenceOfAll } from './silence.ts';

export type { RuleOutcome } from './rule-outcome.ts';
export type { Reading, SensorPlace } from './sensor-file.ts';

/** The sensors there are, and where one of them stands; one without a place is not judged. */
export interface SensorList {
  readonly ids: readonly string[];
  readonly placeOf: (id: string) => SensorPlace | undefined;
}

const nothing: readonly RuleOutcome[] = Object.freeze([]);

/** Holds where each rule stands with each sensor; the deciding itself is in the rules, which hold nothing. */
export class SensorRules {
  #rules: readonly SensorRule[] = [];
  #index = new RuleIndex([]);
  readonly #files = new Map<string, SensorFile>();
  /** Of rules that name their sensors, by rule. */
  #shared = new Map<string, Standing>();
  /** Of rules on silence, where each stands with all its sensors together, by rule. */
  #ofAll = new Map<string, Standing>();
  #deafUntilMs = Number.NEGATIVE_INFINITY;
  /** Until when all sensors of a rule were silent together, by rule. */
  readonly #quietUntilMs = new Map<string, number>();

  constructor(rules: readonly SensorRule[]) {
    this.configure(rules);
  }

  /** Those that hold now. */
  get rules(): readonly SensorRule[] {
    return this.#rules;
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
    const onSilence = rules.filter(({ kind }) => kind === 'no-data');
    this.#ofAll = new Map(onSilence.map((rule) => [rule.id, keep(rule, rule.id)]));
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

  /** Nobody could be heard until now: who was silent until here is not held to be, but whose silence was told before still is. */
  deaf(now: Date): void {
    this.#deafUntilMs = now.getTime();
  }

  /** What the desk is to be told of sensors that say nothing, by our own clock. */
  tick(sensors: SensorList, now: Date): readonly RuleOutcome[] {
    return this.#ofAll.size === 0
      ? nothing
      : [...this.#ofAll.values()].flatMap((ofAll) => this.#listen(ofAll, sensors, now));
  }

  #listen(ofAll: Standing, { ids, placeOf }: SensorList, now: Date): RuleOutcome[] {
    const { rule } = ofAll;
    const named = rule.sensors && new Set(rule.sensors);
    const listened = ids.filter((id) => named?.has(id) ?? true);
    const files = listened.map((id) => ({ id, file: this.#file(id, now.getTime()) }));
    const anyHeardMs = files.reduce((newest, { file }) => Math.max(newest, file.heardMs(undefined)), 0);
    const deafUntilMs = Math.max(this.#deafUntilMs, this.#quietUntilMs.get(rule.id) ?? 0);
    const look = { now, sensors: files.length, anyHeardMs, deafUntilMs };
    const told = (standing: Standing | undefined, silence: ReturnType<typeof silenceOf>, id: string) => {
      const place = silence && placeOf(id);
      if (!standing || !silence || !place) return [];
      return [silence.type === 'end' ? silence : observed(standing, { now, place, ...silence })];
    };
    const together = silenceOfAll(ofAll, look);
    if (isRaised(ofAll.state)) this.#quietUntilMs.set(rule.id, now.getTime());
    const somewhere = together && listened.find((id) => placeOf(id));
    return [
      ...(somewhere === undefined ? [] : told(ofAll, together, somewhere)),
      ...files.flatMap(({ id, file }) => {
        const standing = file.standings.find((one) => one.rule === rule);
        return told(standing, standing && silenceOf(standing, file, look), id);
      }),
    ];
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
    yield* this.#ofAll.values();
    for (const { standings } of this.#files.values()) yield* standings;
  }
}

function keptStanding(rule: SensorRule, key: string, old: Standing | undefined): Standing {
  return old?.rule.kind === rule.kind ? { ...old, rule } : newStanding(rule, key);
}
