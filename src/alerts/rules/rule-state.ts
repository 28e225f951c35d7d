import type { Severity } from '../alert.ts';
import type { Judgement } from './judgement.ts';

/** Nothing measured since the start: an alert of the time before may still be open. */
type Unknown = { readonly phase: 'unknown' };
type Raised = { readonly phase: 'raised'; readonly severity: Severity };

/** Where one rule stands with one sensor. */
export type RuleState =
  | Unknown
  | { readonly phase: 'clear' }
  | Raised
  /** The readings are clear, but not for long enough yet. */
  | { readonly phase: 'clearing'; readonly since: Date; readonly from: Raised | Unknown };

export interface Judged {
  readonly verdict: Judgement['verdict'];
  readonly at: Date;
  readonly holdMs: number;
}

export interface RuleStep {
  readonly state: RuleState;
  readonly outcome?: { readonly type: 'observe'; readonly severity: Severity } | { readonly type: 'end' };
}

/** One reading further: raised at once, ended only after a hold, so that a value around a limit makes one alert. */
export function nextRuleState(state: RuleState, judged: Judged): RuleStep {
  if (judged.verdict === 'clear') return towardsClear(state, judged);
  if (judged.verdict !== 'between') return raised(judged.verdict);
  // Between the limits what is raised stays so, and what is not does not become so.
  const standing = state.phase === 'clearing' ? state.from : state;
  return standing.phase === 'raised' ? raised(standing.severity) : { state: standing };
}

function raised(severity: Severity): RuleStep {
  return { state: { phase: 'raised', severity }, outcome: { type: 'observe', severity } };
}

function towardsClear(state: RuleState, { at, holdMs }: Judged): RuleStep {
  if (state.phase === 'clear') return { state };
  const clearing = state.phase === 'clearing' ? state : { phase: 'clearing' as const, since: at, from: state };
  if (at.getTime() - clearing.since.getTime() < holdMs) return { state: clearing };
  return { state: { phase: 'clear' }, outcome: { type: 'end' } };
}
