import type { Beat } from './patrol-drive.ts';

export interface FleetVehicle {
  readonly id: string;
  readonly beat: Beat;
  readonly battery: number;
  /** Speaks as the OwnTracks phone app does. */
  readonly ownTracks?: boolean;
}

const kmh = (speed: number) => speed / 3.6;
const stake = (kilometres: number) => kilometres * 1_000;

/** Kilometres of stake, kilometres an hour. */
function beat([from, to]: [number, number], [start, side]: [number, 'up' | 'down'], speed: number): Beat {
  return {
    fromMeters: stake(from),
    toMeters: stake(to),
    startMeters: stake(start),
    carriageway: side,
    cruise: kmh(speed),
  };
}

/** The demo's twelve vehicles on G76: patrols cruise, road and maintenance crews crawl, rescue waits at its post. */
export const demoFleet: readonly FleetVehicle[] = [
  { id: 'xun1', beat: beat([1420.5, 1431], [1424.2, 'down'], 72), battery: 91 },
  { id: 'xun3', beat: beat([1426, 1435.5], [1434.1, 'up'], 70), battery: 78 },
  { id: 'xun4', beat: beat([1434, 1444], [1439.4, 'up'], 74), battery: 64 },
  { id: 'xun7', beat: beat([1428, 1434], [1430.2, 'down'], 62), battery: 83 },
  { id: 'xun9', beat: beat([1438, 1451], [1444.8, 'down'], 76), battery: 57, ownTracks: true },
  { id: 'xun11', beat: beat([1421, 1427], [1426.3, 'up'], 66), battery: 96 },
  { id: 'lu6', beat: beat([1435, 1441], [1436.8, 'down'], 48), battery: 72 },
  { id: 'lu8', beat: beat([1424, 1430], [1428.9, 'up'], 46), battery: 69 },
  { id: 'yang2', beat: beat([1444, 1450], [1447.2, 'down'], 28), battery: 88 },
  { id: 'yang5', beat: beat([1438, 1441], [1440.3, 'up'], 0), battery: 42 },
  { id: 'zheng1', beat: beat([1437, 1446], [1438.3, 'down'], 0), battery: 100 },
  { id: 'zheng2', beat: beat([1422, 1433], [1427.6, 'down'], 0), battery: 99 },
];
