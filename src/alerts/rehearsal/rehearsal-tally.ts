import type { CaseOutcome, RehearsalCase } from './rehearsal-case.ts';

/** What became of the reviewed alerts of one rule at one place. */
export interface RuleTally {
  readonly key: string;
  readonly kind: string;
  /** Confirmed ones that are still raised, and those that are not. */
  trueKept: number;
  trueLost: number;
  /** Dismissed ones that are still raised, and those that are not. */
  falseKept: number;
  falseGone: number;
  unknown: number;
}

export type JudgedAlert = Pick<RehearsalCase, 'id' | 'key' | 'kind' | 'at' | 'state' | 'title'>;

/** An alert that somebody confirmed and nobody would have had. */
export interface LostAlert extends Omit<JudgedAlert, 'state'> {
  readonly because?: string;
}

export interface RehearsalReport {
  readonly from?: string;
  readonly to: string;
  readonly days: number;
  readonly cases: number;
  /** Reviewed alerts that nothing is kept of: from before traces were, or of an end that nobody saw. */
  readonly untraced: number;
  readonly rules: readonly RuleTally[];
  /** The first of them; `trueLost` of the rules counts all. */
  readonly lost: readonly LostAlert[];
  /** Why some could not be judged, and how many. */
  readonly unknown: Readonly<Record<string, number>>;
}

const mostLost = 1_000;
const dayMs = 86_400_000;

/** Counts outcomes by rule. */
export class RehearsalTally {
  readonly #rules = new Map<string, RuleTally>();
  readonly #lost: LostAlert[] = [];
  readonly #unknown = new Map<string, number>();
  #first: string | undefined;
  #cases = 0;
  #untraced = 0;

  add(alert: JudgedAlert, outcome: CaseOutcome): void {
    this.#cases += 1;
    this.#saw(alert.at);
    const rule = this.#rule(alert);
    if (outcome.type === 'unknown') {
      rule.unknown += 1;
      this.#unknown.set(outcome.because, (this.#unknown.get(outcome.because) ?? 0) + 1);
      return;
    }
    const isRaised = outcome.type === 'raised';
    if (alert.state === 'dismissed') rule[isRaised ? 'falseKept' : 'falseGone'] += 1;
    else rule[isRaised ? 'trueKept' : 'trueLost'] += 1;
    if (alert.state === 'confirmed' && outcome.type === 'silent') this.#lose(alert, outcome.because);
  }

  /** One of which no trace is kept. */
  skip(at: string): void {
    this.#untraced += 1;
    this.#saw(at);
  }

  /** The rates are those from `since`, or from the first alert when that is later, to `to`; of one day at least. */
  report(to: Date): RehearsalReport {
    const fromMs = this.#first === undefined ? to.getTime() : Date.parse(this.#first);
    return {
      ...(this.#first !== undefined && { from: this.#first }),
      to: to.toISOString(),
      days: Math.max(1, (to.getTime() - fromMs) / dayMs),
      cases: this.#cases,
      untraced: this.#untraced,
      rules: [...this.#rules.values()].toSorted(byChange),
      lost: this.#lost,
      unknown: Object.fromEntries(this.#unknown),
    };
  }

  #saw(at: string): void {
    if (this.#first === undefined || at < this.#first) this.#first = at;
  }

  #rule({ key, kind }: JudgedAlert): RuleTally {
    const known = this.#rules.get(key);
    if (known) return known;
    const rule = { key, kind, trueKept: 0, trueLost: 0, falseKept: 0, falseGone: 0, unknown: 0 };
    this.#rules.set(key, rule);
    return rule;
  }

  #lose({ id, key, kind, at, title }: JudgedAlert, because: string | undefined): void {
    if (this.#lost.length >= mostLost) return;
    this.#lost.push({ id, key, kind, at, title, ...(because !== undefined && { because }) });
  }
}

/** What loses most stands first, then what spares most. */
function byChange(a: RuleTally, b: RuleTally): number {
  return b.trueLost - a.trueLost || b.falseGone - a.falseGone || (a.key < b.key ? -1 : 1);
}
