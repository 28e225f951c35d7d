import { systemActor } from '../shared/actor.ts';
import { type Alert, outranks } from './alert.ts';
import type { Change, Deed } from './alert-records.ts';
import { type Moving, movedAlert, nextState, stateOf } from './alert-state.ts';
import { changedOwn } from './merge/merged-alert.ts';
import { type Observation, refreshedAlert } from './observation.ts';
import { aloud } from './silences/outlasting.ts';

interface Becoming extends Omit<Moving, 'seq'> {
  readonly declared: Observation['declared'];
}

/** The alert seen once more by its own source. */
export function goingOn(alert: Alert, observation: Observation, times: Omit<Moving, 'seq'>): Change {
  const seen = changedOwn(alert, (own) => refreshedAlert(own, observation, alert.seq));
  return becoming(alert, seen, { ...times, declared: observation.declared });
}

/** From the alert to what was seen of it. One that was taken as something milder is given back, with a new deadline, to be noticed again. */
export function becoming(from: Alert, seen: Alert, { declared, ...times }: Becoming): Change {
  const isWorse = outranks(seen.severity, from.severity);
  const isPutOff = from.snoozedUntil !== undefined;
  const isGivenBack = (declared === true || isPutOff) && from.state === 'acknowledged' && isWorse;
  // What has become critical is heard, whatever is silent.
  const isLoud = from.silenced !== undefined && seen.severity === 'critical';
  const make = (seq: number) => {
    if (isGivenBack) return givenBack({ ...seen, version: from.version }, { ...times, seq });
    return isLoud ? aloud({ ...seen, version: from.version }, { ...times, seq }) : { ...seen, seq };
  };
  const deed = seen.severity === from.severity ? undefined : deedOf(from, isGivenBack);
  return { from, make, ...(deed && { deed }) };
}

function givenBack(alert: Alert, moving: Moving): Alert {
  const by = { id: systemActor.id, name: systemActor.name, at: moving.now.toISOString() };
  return movedAlert(alert, nextState(stateOf(alert), { type: 'release', by }), moving);
}

/** Who held it is said here: the alert itself names nobody any more. */
function deedOf({ severity, acknowledgedBy }: Alert, isGivenBack: boolean): Deed {
  const details = { from: severity, ...(isGivenBack && { released: acknowledgedBy?.name }) };
  return { actor: systemActor, action: 'alert.severity', details };
}
