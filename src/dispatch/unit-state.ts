import { bearingDegrees, distanceMeters } from '../gis/distance.ts';
import type { Place, Whereabouts } from '../gis/place.ts';
import type { Carriageway } from '../gis/road-feature.ts';
import type { UnitConfig } from './config.ts';
import type { UnitReceipt } from './downlink/receipt.ts';
import { type Fix, follow, type Refusal, type Track } from './fix.ts';
import type { Unit, UnitStatus } from './unit.ts';

/** What a terminal says of itself. */
export interface TerminalReport {
  readonly at: Date;
  readonly online: boolean;
  readonly battery?: number;
  readonly signal?: number;
  readonly channel?: string;
  readonly ptt?: boolean;
}

/** What an assignment has the unit do. */
export type Duty = 'none' | Extract<UnitStatus, 'en_route' | 'on_scene'>;

/** What others of the house know of a unit. */
export interface UnitNotes {
  readonly fences: readonly string[];
  readonly unread: number;
  readonly receipt?: UnitReceipt;
}

/** Everything the board knows of one unit. */
export interface UnitState {
  readonly config: UnitConfig;
  readonly status: UnitStatus;
  readonly online: boolean;
  /** The newest report: an older one changes nothing. */
  readonly report?: TerminalReport;
  readonly track: Track;
  readonly place: Place;
  /** The carriageway it was last seen to drive on, for as long as it is on that road: standing, no fix tells. */
  readonly drove?: Carriageway;
  readonly heading?: number;
  readonly battery?: number;
  readonly notes: UnitNotes;
}

export type UnitEvent =
  | { readonly type: 'position'; readonly fix: Fix }
  | { readonly type: 'status'; readonly report: TerminalReport }
  | { readonly type: 'restored'; readonly fix: Fix }
  | { readonly type: 'presence'; readonly online: boolean }
  | { readonly type: 'duty'; readonly duty: Duty }
  | { readonly type: 'noted'; readonly notes: Partial<UnitNotes> };

export interface UnitStep {
  readonly state: UnitState;
  readonly refused?: Refusal;
}

/** Puts a thing on the map: `placeOf` with the ground filled in. */
export type PlaceFinder = (given: Whereabouts) => Place;

/** Slower, a heading is noise. */
const movingMetersPerSecond = 2;
/** Nearer, a receiver's error decides the direction. */
const movedMeters = 15;

export function newUnit(config: UnitConfig): UnitState {
  return { config, status: 'off', online: false, track: {}, place: {}, notes: { fences: [], unread: 0 } };
}

/** The unit after one event. What changes nothing returns the state as it was. */
export function nextUnit(state: UnitState, event: UnitEvent, find: PlaceFinder): UnitStep {
  switch (event.type) {
    case 'position':
      return moved(present(state), event.fix, find);
    case 'status':
      return { state: reported(state, event.report) };
    case 'restored':
      return moved({ ...state, status: heardStatus(state) }, event.fix, find);
    case 'presence':
      return { state: event.online ? present(state) : absent(state) };
    case 'duty':
      return { state: bound(state, event.duty) };
    case 'noted':
      return { state: { ...state, notes: { ...state.notes, ...event.notes } } };
  }
}

const heardStatus = ({ status }: UnitState) => (status === 'off' ? 'free' : status);
const present = (state: UnitState): UnitState =>
  state.online ? state : { ...state, online: true, status: heardStatus(state) };
const absent = (state: UnitState): UnitState => (state.online ? { ...state, online: false } : state);

/** Whoever was ever heard is free again afterwards. */
function bound(state: UnitState, duty: Duty): UnitState {
  const isHeard = state.online || state.report !== undefined || state.track.fix !== undefined;
  const status = duty === 'none' ? (isHeard ? 'free' : 'off') : duty;
  return status === state.status ? state : { ...state, status };
}

/** A last will and a retained status may come late: the newest status counts. What it leaves out of the rest is as before. */
function reported(state: UnitState, said: TerminalReport): UnitState {
  if (state.report && said.at < state.report.at) return state;
  const { signal = state.report?.signal, channel = state.report?.channel } = said;
  const report = { ...said, ...(signal !== undefined && { signal }), ...(channel !== undefined && { channel }) };
  const told = { ...state, report, ...(said.battery !== undefined && { battery: said.battery }) };
  return said.online ? present(told) : absent(told);
}

function moved(state: UnitState, fix: Fix, find: PlaceFinder): UnitStep {
  const { track, refused } = follow(state.track, fix);
  if (refused) return { state: { ...state, track }, refused };
  const { area } = state.config;
  const heading = headingOf(state, fix);
  const steady = heading !== undefined && isMoving(fix);
  const place = find({ position: fix.point, ...(area !== undefined && { area }), ...(steady && { heading }) });
  const battery = fix.battery ?? state.battery;
  const known = place.road === state.place.road ? state.drove : undefined;
  const drove = steady ? place.carriageway : known;
  const { heading: _, drove: _before, ...still } = state;
  return {
    state: {
      ...still,
      track,
      place,
      ...(drove && { drove }),
      ...(heading !== undefined && { heading }),
      ...(battery !== undefined && { battery }),
    },
  };
}

/** Whoever stands has no heading, whatever the receiver says. */
export const isMoving = ({ speed = movingMetersPerSecond }: Fix) => speed >= movingMetersPerSecond;

/** What the terminal says, else the way it came, else the way it last went. */
function headingOf({ track, heading }: UnitState, fix: Fix): number | undefined {
  if (fix.heading !== undefined || !track.fix) return fix.heading;
  const wasAt = track.fix.point;
  return distanceMeters(wasAt, fix.point) < movedMeters ? heading : bearingDegrees(wasAt, fix.point);
}

/** The unit as everybody sees it. */
export function unitOf(state: UnitState): Unit {
  const { config, status, online, track, place, heading, battery } = state;
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
    ...terminalOf(state),
    ...notesOf(state),
  };
}

/** Who is not there does not talk, whatever it said last. */
function terminalOf({ online, report }: UnitState): Pick<Unit, 'signal' | 'channel' | 'ptt'> {
  const { signal, channel, ptt } = report ?? {};
  return {
    ...(signal !== undefined && { signal }),
    ...(channel !== undefined && { channel }),
    ...(online && ptt && { ptt }),
  };
}

function notesOf({ notes: { fences, unread, receipt } }: UnitState): Pick<Unit, 'fences' | 'unread' | 'receipt'> {
  return {
    ...(fences.length > 0 && { fences: [...fences] }),
    ...(unread > 0 && { unread }),
    ...(receipt && { receipt }),
  };
}
