import { bearingDegrees } from '../../../src/gis/distance.ts';
import type { GeoPoint } from '../../../src/gis/point.ts';
import type { RoadLine } from '../../../src/gis/road-line.ts';

/** A road with two sides: stakes rise along `down`, traffic on `up` goes against them. */
export interface DividedRoad {
  readonly up: RoadLine;
  readonly down: RoadLine;
}

/** The stretch a vehicle drives to and fro, in stake metres. */
export interface Beat {
  readonly fromMeters: number;
  readonly toMeters: number;
  readonly startMeters: number;
  readonly carriageway: 'up' | 'down';
  /** Metres a second; 0 is a vehicle that waits where it is. */
  readonly cruise: number;
}

export interface DriveState {
  readonly stakeMeters: number;
  readonly carriageway: 'up' | 'down';
  readonly speed: number;
  /** Seconds it will still stand. */
  readonly waitSeconds: number;
}

const acceleration = 1.2;
const slowBeforeTurnMeters = 250;
const turnSeconds = 8;
const shortStopSeconds = 25;
/** A patrol stops to look at something every ten minutes or so. */
const stopsPerSecond = 1 / 600;

export function parked({ startMeters, carriageway }: Beat): DriveState {
  return { stakeMeters: startMeters, carriageway, speed: 0, waitSeconds: 0 };
}

export interface Step {
  readonly seconds: number;
  /** Decides about stops and how fast it feels like going. */
  readonly random: () => number;
}

/** Where the vehicle is a step later. */
export function drive(state: DriveState, beat: Beat, { seconds, random }: Step): DriveState {
  if (beat.cruise === 0) return state;
  if (state.waitSeconds > 0) return { ...state, speed: 0, waitSeconds: Math.max(0, state.waitSeconds - seconds) };
  if (random() < stopsPerSecond * seconds) return { ...state, speed: 0, waitSeconds: shortStopSeconds };
  const left = metersLeft(state, beat);
  if (left <= 0) return turned(state, beat);
  const wanted = left < slowBeforeTurnMeters ? Math.max(6, beat.cruise * 0.5) : beat.cruise * (0.9 + 0.2 * random());
  const change = Math.max(-2 * acceleration, Math.min(acceleration, (wanted - state.speed) / seconds)) * seconds;
  const speed = Math.max(0, state.speed + change);
  const walked = Math.min(left, ((state.speed + speed) / 2) * seconds);
  return { ...state, speed, stakeMeters: state.stakeMeters + (state.carriageway === 'down' ? walked : -walked) };
}

/** Where that is on the map, and which way the vehicle looks. */
export function placeOf(
  { stakeMeters, carriageway }: DriveState,
  road: DividedRoad,
): { point: GeoPoint; heading: number } {
  const line = road[carriageway];
  const within = Math.max(line.fromMeters, Math.min(line.toMeters, stakeMeters));
  const point = line.pointAt(within) ?? { lat: 0, lon: 0 };
  const ahead = line.pointAt(Math.min(line.toMeters, within + 15)) ?? point;
  const behind = line.pointAt(Math.max(line.fromMeters, within - 15)) ?? point;
  const rising = bearingDegrees(behind, ahead);
  return { point, heading: carriageway === 'down' ? rising : (rising + 180) % 360 };
}

function metersLeft({ stakeMeters, carriageway }: DriveState, { fromMeters, toMeters }: Beat): number {
  return carriageway === 'down' ? toMeters - stakeMeters : stakeMeters - fromMeters;
}

/** Through the gap in the median onto the other side. */
function turned({ carriageway }: DriveState, { fromMeters, toMeters }: Beat): DriveState {
  const atEnd = carriageway === 'down';
  return {
    stakeMeters: atEnd ? toMeters : fromMeters,
    carriageway: atEnd ? 'up' : 'down',
    speed: 0,
    waitSeconds: turnSeconds,
  };
}
