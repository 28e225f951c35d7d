import type { Severity } from '../alert.ts';
import type { Judgement } from './judgement.ts';

/** Nothing measured since the start: an alert of the time before may still be open. */
type Unknown = { readonly phase: 'unknown' };
type Calm = Unknown | { readonly phase: 'clear' };
type Raised = { readonly phase: 'raised'; readonly severity: Severity };

/** Where one rule stands with one sensor. */
export type RuleState =
  | Calm
  /** Beyond a limit, but not for long enough yet. */
  | { readonly phase: 'rising'; readonly since: Date; readonly from: Calm }
  | Raised
  /** The readings are clear, but not for long enough yet. */
  | { readonly phase: 'clearing'; readonly since: Date; readonly from: Raised | Unknown };

export interface Judged {
  readonly verdict: Judgement['verdict'];
  readonly at: Date;
  readonly holdMs: number;
  readonly forMs: number;
}

export interface RuleStep {
  readonly state: RuleState;
  readonly outcome?: { readonly type: 'observe'; readonly severity: Severity } | { readonly type: 'end' };
}

/**
 * One reading further: raised once it has lasted, ended only after a hold, so that a value around a limit makes one alert.
 */
export function nextRuleState(state: RuleState, judged: Judged): RuleStep {
  if (judged.verdict === 'clear') return towardsClear(standing(state, 'clear'), judged);
  if (judged.verdict !== 'between') return towardsRaised(state, judged.verdict, judged);
  // Between the limits what is raised stays so, and what is not does not become so.
  const kept = standing(state, 'between');
  return kept.phase === 'raised' ? raised(kept.severity) : { state: kept };
}

/** Is there an alert of it, as far as this process knows? */
export function isRaised(state: RuleState): boolean {
  return state.phase === 'raised' || (state.phase === 'clearing' && state.from.phase === 'raised');
}

/** What it comes from, when a verdict breaks off what had begun. */
function standing(state: RuleState, verdict: 'clear' | 'between'): RuleState {
  if (state.phase === 'rising') return state.from;
  return state.phase === 'clearing' && verdict === 'between' ? state.from : state;
}

function raised(severity: Severity): RuleStep {
  return { state: { phase: 'raised', severity }, outcome: { type: 'observe', severity } };
}

function towardsRaised(state: RuleState, severity: Severity, { at, forMs }: Judged): RuleStep {
  if (isRaised(state)) return raised(severity);
  const from: Calm = state.phase === 'clear' ? state : { phase: 'unknown' };
  const rising = state.phase === 'rising' ? state : { phase: 'rising' as const, since: at, from };
  if (at.getTime() - rising.since.getTime() < forMs) return { state: rising };
  return raised(severity);
}

function towardsClear(state: RuleState, { at, holdMs }: Judged): RuleStep {
  if (state.phase === 'clear' || state.phase === 'rising') return { state };
  const clearing = state.phase === 'clearing' ? state : { phase: 'clearing' as const, since: at, from: state };
  if (at.getTime() - clearing.since.getTime() < holdMs) return { state: clearing };
  return { state: { phase: 'clear' }, outcome: { type: 'end' } };
}
