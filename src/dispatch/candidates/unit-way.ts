import { type Static, Type } from 'typebox';
import { LineString } from '../../gis/geojson.ts';
import type { Travel } from '../../gis/travel/travel.ts';
import { courseOf } from '../../gis/travel/way.ts';

/** How a unit comes to a place from where it was last. */
export const UnitWay = Type.Object({
  etaSeconds: Type.Integer(),
  distanceMeters: Type.Integer(),
  /** `straight`: no road is near, both figures are as the crow flies. */
  by: Type.Enum(['road', 'straight']),
  /** Left out as the crow flies, and of a unit that is there. */
  route: Type.Optional(LineString),
});
export type UnitWay = Readonly<Static<typeof UnitWay>>;

/** Undefined where no road leads there. */
export function figuresOf(travel: Travel) {
  switch (travel.by) {
    case 'road':
      return { by: travel.by, seconds: travel.trip.seconds, meters: travel.trip.meters } as const;
    case 'straight':
      return travel;
    case 'none':
      return undefined;
  }
}

/** A LineString has two positions at least; who is there already has no way to go. */
export function routeOf({ trip }: Extract<Travel, { by: 'road' }>): Static<typeof LineString> | undefined {
  const coordinates = courseOf(trip.legs());
  return coordinates.length < 2 ? undefined : { type: 'LineString', coordinates };
}

export function unitWay(travel: Travel): UnitWay | undefined {
  const figures = figuresOf(travel);
  if (!figures) return undefined;
  const route = travel.by === 'road' ? routeOf(travel) : undefined;
  return {
    etaSeconds: Math.round(figures.seconds),
    distanceMeters: Math.round(figures.meters),
    by: figures.by,
    ...(route && { route }),
  };
}
