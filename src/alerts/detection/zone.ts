import type { UnitBox } from './model.ts';

/** A corner [x, y] of a picture, each from 0 to 1, [0, 0] at the top left. */
export type Corner = readonly [number, number];

/** A part of a camera's picture nobody should stand in. */
export interface Zone {
  readonly id: string;
  /** What people call it; without one it is told from the id. */
  readonly name?: string | undefined;
  readonly polygon: readonly Corner[];
  /** Seconds somebody must stay before it is an alert; 3 unless told. */
  readonly dwell?: number | undefined;
  /** False when the zone lies on no road. */
  readonly road?: boolean | undefined;
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

export function zoneName({ id, name, road }: Zone): string {
  return name ?? names.find(([pattern]) => pattern.test(id))?.[1] ?? (road === false ? `区域 ${id}` : '公路');
}
