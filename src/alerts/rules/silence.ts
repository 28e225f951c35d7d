import type { Judgement } from './judgement.ts';
import { judgeSilence, judgeSilenceOfAll, type NoDataRule } from './no-data.ts';
import { stepped } from './rule-outcome.ts';
import { isRaised } from './rule-state.ts';
import type { SensorFile, Standing } from './sensor-file.ts';

/** A lasting silence is told again this often: the desk takes what nobody sees for half an hour for over. */
const retellMs = 600_000;
/** So many do not break at once. */
const leastOfAll = 3;

/** A look at the clock. */
export interface ListeningLook {
  readonly now: Date;
  /** Until when nobody could be heard. */
  readonly deafUntilMs: number;
  readonly sensors: number;
  /** When any of them was last heard. */
  readonly anyHeardMs: number;
}

/** Of a rule on silence and one sensor; undefined when there is nothing to tell, or nothing new. */
export function silenceOf(standing: Standing, file: SensorFile, look: ListeningLook) {
  const { rule, key, state } = standing;
  if (rule.kind !== 'no-data' || isHushed(rule, look)) return undefined;
  const { now, deafUntilMs } = look;
  const source = file.place?.name ?? key.slice(rule.id.length + 1);
  const heardMs = Math.max(file.heardMs(rule.measure), isRaised(state) ? Number.NEGATIVE_INFINITY : deafUntilMs);
  return silenceOutcome(standing, judgeSilence(rule, Math.max(0, now.getTime() - heardMs), source), now);
}

/** Of a rule on silence and all its sensors together: one alert where there would be one of each. */
export function silenceOfAll(standing: Standing, { now, sensors, anyHeardMs, deafUntilMs }: ListeningLook) {
  const { rule, state } = standing;
  if (rule.kind !== 'no-data' || (sensors < leastOfAll && !isRaised(state))) return undefined;
  const heardMs = Math.max(anyHeardMs, isRaised(state) ? Number.NEGATIVE_INFINITY : deafUntilMs);
  return silenceOutcome(standing, judgeSilenceOfAll(rule, now.getTime() - heardMs, sensors), now);
}

/**
 * When nobody has spoken for half the time of the rule, it is the broker, a forwarder or the network, and says nothing of
 * one of them.
 */
function isHushed({ after }: NoDataRule, { now, sensors, anyHeardMs }: ListeningLook): boolean {
  return sensors >= leastOfAll && now.getTime() - anyHeardMs >= after * 500;
}

function silenceOutcome(standing: Standing, judgement: Judgement, now: Date) {
  const { key, state } = standing;
  const outcome = stepped(standing, judgement.verdict, now);
  if (outcome?.type !== 'observe') return outcome && ({ type: 'end', key, at: now } as const);
  if (isRaised(state) && now.getTime() - standing.toldMs < retellMs) return undefined;
  standing.toldMs = now.getTime();
  return { type: 'observe', severity: outcome.severity, judgement } as const;
}
