import { bearingDegrees, distanceMeters } from '../gis/distance.ts';
import type { Place, Whereabouts } from '../gis/place.ts';
import type { UnitConfig } from './config.ts';
import { type Fix, follow, type Refusal, type Track } from './fix.ts';
import type { Unit, UnitStatus } from './unit.ts';

/** Everything the board knows of one unit. Times are milliseconds since 1970 on our clock. */
export interface UnitState {
  readonly config: UnitConfig;
  readonly status: UnitStatus;
  readonly online: boolean;
  readonly heardAt: number;
  readonly statusAt: number;
  readonly track: Track;
  readonly place: Place;
  readonly heading?: number;
  readonly battery?: number;
}

export type UnitEvent =
  | { readonly type: 'position'; readonly fix: Fix; readonly receivedAt: Date }
  | {
      readonly type: 'status';
      readonly at: Date;
      readonly receivedAt: Date;
      readonly online: boolean;
      readonly battery?: number;
    }
  | { readonly type: 'restored'; readonly fix: Fix }
  | { readonly type: 'clock'; readonly now: number };

export interface UnitStep {
  readonly state: UnitState;
  readonly refused?: Refusal;
}

/** Puts a thing on the map: `placeOf` with the ground filled in. */
export type PlaceFinder = (given: Whereabouts) => Place;

export const silenceMs = 60_000;
/** Slower, a heading is noise. */
const movingMetersPerSecond = 2;
/** Nearer, a receiver's error decides the direction. */
const movedMeters = 15;

export function newUnit(config: UnitConfig): UnitState {
  return { config, status: 'off', online: false, heardAt: 0, statusAt: 0, track: {}, place: {} };
}

/** The unit after one event. What changes nothing returns the state as it was. */
export function nextUnit(state: UnitState, event: UnitEvent, find: PlaceFinder): UnitStep {
  switch (event.type) {
    case 'position':
      return moved(heard(state, event.receivedAt), event.fix, find);
    case 'status':
      return { state: reported(state, event) };
    case 'restored':
      return moved({ ...state, status: state.status === 'off' ? 'free' : state.status }, event.fix, find);
    case 'clock':
      return { state: isSilent(state, event.now) ? { ...state, online: false } : state };
  }
}

const isSilent = ({ online, heardAt }: UnitState, now: number) => online && now - heardAt > silenceMs;

function heard(state: UnitState, receivedAt: Date): UnitState {
  const heardAt = Math.max(state.heardAt, receivedAt.getTime());
  return { ...state, online: true, heardAt, status: state.status === 'off' ? 'free' : state.status };
}

/** A last will and a retained status may come late: the newest status counts. */
function reported(state: UnitState, { at, receivedAt, online, battery }: UnitEvent & { type: 'status' }): UnitState {
  if (at.getTime() < state.statusAt) return state;
  const told = { ...state, statusAt: at.getTime(), ...(battery !== undefined && { battery }) };
  return online ? heard(told, receivedAt) : { ...told, online: false };
}

function moved(state: UnitState, fix: Fix, find: PlaceFinder): UnitStep {
  const { track, refused } = follow(state.track, fix);
  if (refused) return { state: { ...state, track }, refused };
  const { area } = state.config;
  const heading = headingOf(state, fix);
  const steady = heading !== undefined && (fix.speed ?? movingMetersPerSecond) >= movingMetersPerSecond;
  const place = find({ position: fix.point, ...(area !== undefined && { area }), ...(steady && { heading }) });
  const battery = fix.battery ?? state.battery;
  const { heading: _, ...still } = state;
  return {
    state: {
      ...still,
      track,
      place,
      ...(heading !== undefined && { heading }),
      ...(battery !== undefined && { battery }),
    },
  };
}

/** What the terminal says, else the way it came, else the way it last went. */
function headingOf({ track, heading }: UnitState, fix: Fix): number | undefined {
  if (fix.heading !== undefined || !track.fix) return fix.heading;
  const wasAt = track.fix.point;
  return distanceMeters(wasAt, fix.point) < movedMeters ? heading : bearingDegrees(wasAt, fix.point);
}

/** The unit as everybody sees it. */
export function unitOf({ config, status, online, track, place, heading, battery }: UnitState): Unit {
  const { id, name, kind, area } = config;
  const { fix } = track;
  return {
    id,
    name,
    kind,
    status,
    online,
    ...(area !== undefined && { area }),
    ...place,
    ...(heading !== undefined && { heading: Math.round(heading) % 360 }),
    ...(fix?.speed !== undefined && { speed: fix.speed }),
    ...(battery !== undefined && { battery }),
    ...(fix && { at: fix.at.toISOString() }),
  };
}
