import { systemActor } from '../shared/actor.ts';
import type { Alert } from './alert.ts';
import type { Change, Deed } from './alert-records.ts';
import { type Moving, movedAlert, nextState, stateOf } from './alert-state.ts';
import { nextSeverity, type Observation, refreshedAlert, worsens } from './observation.ts';

/** The alert seen once more. One that was taken as something milder is given back, with a new deadline, to be noticed again. */
export function goingOn(alert: Alert, observation: Observation, times: Omit<Moving, 'seq'>): Change {
  const isGivenBack = alert.state === 'acknowledged' && worsens(alert, observation);
  const make = (seq: number) => {
    const seen = refreshedAlert(alert, observation, seq);
    return isGivenBack ? givenBack({ ...seen, version: alert.version }, { ...times, seq }) : seen;
  };
  const deed = nextSeverity(alert, observation) === alert.severity ? undefined : deedOf(alert, isGivenBack);
  return { from: alert, make, ...(deed && { deed }) };
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
