import type { UnitBox } from './model.ts';
import type { Schedule } from './rules/schedule.ts';

/** A corner [x, y] of a picture, each from 0 to 1, [0, 0] at the top left. */
export type Corner = readonly [number, number];

/** What a zone is watched for; `presence` unless told. */
export type ZoneRuleName = 'presence' | 'stopped' | 'wrong-way' | 'crowd' | 'object-left';

/** What a zone and a line have in common. */
interface WatchedPlace {
  readonly id: string;
  /** What people call it; without one it is told from the id. */
  readonly name?: string | undefined;
  /** False when it lies on no road. */
  readonly road?: boolean | undefined;
  /** Names of objects or of families of them, like `animal`. */
  readonly objects?: readonly string[] | undefined;
  /** The least height of a box that counts, as a part of the picture's. */
  readonly minSize?: number | undefined;
  /** Seconds after an event in which none begins anew. */
  readonly cooldown?: number | undefined;
  readonly schedule?: Schedule | undefined;
}

/** A part of a camera's picture that a rule is about. */
export interface Zone extends WatchedPlace {
  readonly polygon: readonly Corner[];
  readonly rule?: ZoneRuleName | undefined;
  /** Seconds it must go on before it is an alert. */
  readonly dwell?: number | undefined;
  /** Which way traffic goes, from a point to another: of `wrong-way`. */
  readonly direction?: readonly [Corner, Corner] | undefined;
  /** From so many on it is a crowd: of `crowd`. */
  readonly count?: number | undefined;
}

/** A line of two points or more that things go over. */
export interface Line extends WatchedPlace {
  readonly points: readonly Corner[];
  /** `wrong-way` when going over it to the side of `direction` is against the traffic; `crossing` unless told. */
  readonly rule?: 'crossing' | 'wrong-way' | undefined;
  /** The side gone to, as seen on the way from the first point to the last; `both` unless told. */
  readonly direction?: 'left' | 'right' | 'both' | undefined;
}

/** Even-odd rule; a point on the line itself may be either. */
export function contains(polygon: readonly Corner[], [x, y]: Corner): boolean {
  let isInside = false;
  let previous = polygon.at(-1);
  for (const current of polygon) {
    if (previous && crosses(previous, current, [x, y])) isInside = !isInside;
    previous = current;
  }
  return isInside;
}

function crosses([ax, ay]: Corner, [bx, by]: Corner, [x, y]: Corner): boolean {
  if (ay > y === by > y) return false;
  return x < ax + ((y - ay) / (by - ay)) * (bx - ax);
}

/** Where a thing stands: the middle of its lower edge. */
export function footOf({ x, y, width, height }: UnitBox): Corner {
  return [x + width / 2, y + height];
}

const names: readonly (readonly [RegExp, string])[] = [
  [/shoulder/, '硬路肩'],
  [/median/, '中央分隔带'],
  [/bay|parking/, '紧急停车带'],
  [/tunnel/, '隧道'],
  [/ramp/, '匝道'],
  [/bridge/, '桥面'],
  [/lane|carriageway/, '行车道'],
];

export function zoneName({ id, name, road }: WatchedPlace): string {
  return name ?? knownName(id) ?? (road === false ? `区域 ${id}` : '公路');
}

export function lineName({ id, name }: WatchedPlace): string {
  const known = knownName(id);
  return name ?? (known ? `${known}界线` : `界线 ${id}`);
}

function knownName(id: string): string | undefined {
  return names.find(([pattern]) => pattern.test(id))?.[1];
}
