import type { UnitConfig } from '../../src/dispatch/config.ts';
import type { LatestFixes, UnitPosition } from '../../src/dispatch/unit-board.ts';
import { UnitBoard } from '../../src/dispatch/unit-board.ts';
import { Areas } from '../../src/gis/areas.ts';
import { placeOf } from '../../src/gis/place.ts';
import { Roads } from '../../src/gis/roads.ts';
import { silentLog } from '../../src/shared/log.ts';
import { demoAreas, demoRoads } from '../gis/demo-world.ts';

export const roads = new Roads(demoRoads());
const ground = { roads, areas: new Areas(demoAreas()) };

export const units: readonly UnitConfig[] = [
  { id: 'xun7', name: '巡7', kind: 'patrol', skills: [], area: 'west' },
  { id: 'lu6', name: '路6', kind: 'road', skills: [], area: 'east', terminal: 'radio-6' },
  { id: 'zheng1', name: '拯1', kind: 'rescue', skills: [] },
];

/** A board on the demo's roads whose telemetry knows `latest`. */
export const boardOf = (latest: LatestFixes = async () => []) =>
  new UnitBoard({ units, find: (given) => placeOf(ground, given), latest, log: silentLog });

export const start = Date.parse('2026-11-21T02:47:00Z');

/** A message from a device on the down carriageway of G76, `seconds` after the start. */
export function onRoad(device: string, stakeMeters: number, seconds: number): UnitPosition {
  const at = new Date(start + seconds * 1_000);
  return { device, at, point: roads.pointAt('G76', stakeMeters, 'down') ?? { lat: 0, lon: 0 } };
}
