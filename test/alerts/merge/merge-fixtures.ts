import { type Observation, raisedAlert } from '../../../src/alerts/observation.ts';
import { second } from '../alert-fixtures.ts';

/** A degree of latitude is 111,195 m. */
export const north = (meters: number) => ({ lat: 27.3 + meters / 111_195, lon: 105.29 });

/** A person on the road as a camera sees it. */
export function person(camera: string, changes: Partial<Observation> = {}): Observation {
  return {
    key: `person:${camera}:all`,
    kind: 'person-on-road',
    severity: 'major',
    at: second(0),
    position: north(0),
    title: `行人进入 ${camera}`,
    reasons: [{ text: '停留 3 s', source: camera }],
    camera,
    area: 'north',
    object: 'person',
    ...changes,
  };
}

export function call(unit: string, changes: Partial<Observation> = {}): Observation {
  const { camera: _camera, object: _object, ...base } = person('none');
  const title = `${unit} 求助`;
  return { ...base, key: `sos:${unit}`, kind: 'sos', severity: 'critical', title, unit, ...changes };
}

export function report(n: number, changes: Partial<Observation> = {}): Observation {
  const { camera: _camera, object: _object, ...base } = person('none');
  return { ...base, key: `report:${n}`, kind: 'report', severity: 'minor', title: `110 报警 ${n}`, ...changes };
}

/** The alert an observation raises by itself. */
export function open(observation: Observation, changes: object = {}) {
  const alert = raisedAlert(observation, { id: `a-${observation.key}`, seq: 1, now: second(0), dueMs: 60_000 });
  return { key: observation.key, alert: { ...alert, ...changes } };
}
