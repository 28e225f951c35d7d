import type { Camera } from '../api/shapes.ts';
import type { World } from '../live/world.ts';
import { isOverdue } from '../queue/day-figures.ts';

export interface Counters {
  readonly untaken: number;
  readonly handling: number;
  readonly overdue: number;
  readonly unitsFree: number;
  readonly units: number;
  readonly cameraFaults: number;
  readonly cameras: number;
  /** Metres; undefined when no station reports. */
  readonly lowestVisibility: number | undefined;
}

const isFaulty = ({ state, health }: Camera) =>
  state.phase === 'stale' || state.phase === 'waiting' || health?.sees === 'nothing';

/** The figures of the bar. A camera that nobody watches is idle, which is no fault. */
export function countersOf(world: World, now: number): Counters {
  const alerts = [...world.alerts.values()];
  const untaken = alerts.filter(({ state }) => state === 'raised');
  const units = [...world.units.values()];
  const cameras = [...world.cameras.values()];
  const visibility = [...world.sensors.values()].flatMap(({ online, values }) =>
    online && values?.visibility !== undefined ? [values.visibility] : [],
  );
  return {
    untaken: untaken.length,
    handling: alerts.filter(({ state }) => state === 'acknowledged').length,
    overdue: alerts.filter((alert) => isOverdue(alert, now)).length,
    unitsFree: units.filter(({ online, status }) => online && status === 'free').length,
    units: units.length,
    cameraFaults: cameras.filter(isFaulty).length,
    cameras: cameras.length,
    lowestVisibility: visibility.length > 0 ? Math.min(...visibility) : undefined,
  };
}
