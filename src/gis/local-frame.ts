import { metersPerDegree } from './distance.ts';
import type { GeoPoint } from './point.ts';

/** Metres east and north of the frame's origin. */
export type Local = readonly [east: number, north: number];

/** The plane that touches the Earth at a point: within a kilometre right to some centimetres. */
export interface LocalFrame {
  readonly toLocal: (point: GeoPoint) => Local;
  readonly toPoint: (local: Local) => GeoPoint;
}

export function localFrame(origin: GeoPoint): LocalFrame {
  const perLon = metersPerDegree * Math.cos((origin.lat * Math.PI) / 180);
  return {
    toLocal: ({ lat, lon }) => [(lon - origin.lon) * perLon, (lat - origin.lat) * metersPerDegree],
    toPoint: ([east, north]) => ({ lat: origin.lat + north / metersPerDegree, lon: origin.lon + east / perLon }),
  };
}
