import type { Observation } from '../observation.ts';
import { alertKindOf } from './judge-reading.ts';
import type { Judgement } from './judgement.ts';
import { nextRuleState, type RuleStep } from './rule-state.ts';
import type { SensorPlace, Standing } from './sensor-file.ts';

export type RuleOutcome =
  | { readonly type: 'observe'; readonly observation: Observation }
  | { readonly type: 'end'; readonly key: string; readonly at: Date };

/** What the surveyed place of a station can be off by. */
const sensorErrorMeters = 10;

/** One judgement further. */
export function stepped(standing: Standing, verdict: Judgement['verdict'], at: Date): RuleStep['outcome'] {
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

export type Observing = Pick<Observation, 'severity'> & {
  readonly now: Date;
  readonly place: SensorPlace;
  readonly judgement: Judgement;
};

export function observed({ rule, key }: Standing, { now, place, judgement, severity }: Observing): RuleOutcome {
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
