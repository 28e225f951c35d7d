import { isDeepStrictEqual } from 'node:util';
import type { Observation } from '../observation.ts';
import type { CameraRule } from './camera-rules.ts';
import type { Offence, Verdict } from './rules/rule-event.ts';
import type { Picture } from './rules/rule-policy.ts';
import { type StandingRule, scheduledRule, standingRule } from './rules/standing-rule.ts';

/** Makes an observation of what a rule found, with the picture when the desk has none of it yet. */
export type Express = (found: {
  readonly rule: CameraRule;
  readonly offence: Offence;
  readonly wantsPicture: boolean;
}) => Promise<Observation>;

/** How a rule's verdicts reach the desk. */
export interface TellingPorts {
  readonly observe: (observation: Observation) => Promise<unknown>;
  readonly end: (key: string, at: Date) => Promise<unknown>;
  readonly express: Express;
  /** While the same goes on it is told this often. */
  readonly refreshMs: number;
}

/** One rule of a camera at work: what it remembers, and what of it the desk still has to hear. */
export class WatchedRule {
  #rule: CameraRule;
  #standing: StandingRule;
  #toldAt = 0;
  #hasPicture = false;
  /** What the desk has not taken yet: an event of a single moment has no next picture to be told with. */
  #owed: Observation | undefined;
  #ending: Date | undefined;

  constructor(rule: CameraRule) {
    this.#rule = rule;
    this.#standing = stand(rule);
  }

  get rule(): CameraRule {
    return this.#rule;
  }

  /** When what goes on under it was last seen; undefined when nothing does, or what does is over in a moment. */
  get lastSeenAt(): number | undefined {
    const isMoment = this.#rule.choice.rule === 'crossing' || this.#rule.choice.rule === 'wrong-way-line';
    return isMoment ? undefined : this.#standing.event.open?.lastAt;
  }

  /** From the next picture on it holds as given; what goes on under it goes on, and who stands in it stands anew. */
  configure(rule: CameraRule): void {
    if (isDeepStrictEqual(rule, this.#rule)) return;
    this.#rule = rule;
    this.#standing = stand(rule, this.#standing);
  }

  /** Whether an event begins if the picture is like that. */
  wouldBegin(picture: Picture): boolean {
    return this.#standing.look(picture).verdict.type === 'begin';
  }

  /** Judges a picture and tells the desk what it means. */
  async look(picture: Picture, ports: TellingPorts): Promise<void> {
    const { verdict, next } = this.#standing.look(picture);
    this.#standing = next;
    if (verdict.type === 'end') this.#ending = new Date(verdict.lastAt);
    await this.#tellOwed(verdict, ports);
    if (this.#ending) await this.#tellEnd(this.#ending, ports);
    if (verdict.type !== 'begin' && verdict.type !== 'continue') return;
    if (this.#hasPicture && picture.at - this.#toldAt < ports.refreshMs) return;
    const found = { rule: this.#rule, offence: verdict, wantsPicture: !this.#hasPicture };
    await this.#tell(await ports.express(found), ports);
  }

  /** What the desk refused is told again: a duplicate beats a missed alert. With a newer one at hand, that one is. */
  async #tellOwed(verdict: Verdict, ports: TellingPorts): Promise<void> {
    const owed = this.#owed;
    if (owed && (verdict.type === 'quiet' || verdict.type === 'end')) await this.#tell(owed, ports);
  }

  async #tell(observation: Observation, ports: TellingPorts): Promise<void> {
    this.#owed = observation;
    await ports.observe(observation);
    this.#owed = undefined;
    this.#toldAt = observation.at.getTime();
    this.#hasPicture ||= observation.snapshot !== undefined;
  }

  async #tellEnd(at: Date, ports: TellingPorts): Promise<void> {
    await ports.end(this.#rule.key, at);
    this.#ending = undefined;
    this.#hasPicture = false;
  }
}

function stand(rule: CameraRule, before?: StandingRule): StandingRule {
  const standing = standingRule(rule.choice, before?.event);
  return rule.schedule ? scheduledRule(standing, rule.schedule, rule.place) : standing;
}
