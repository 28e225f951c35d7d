import { type Static, Type } from 'typebox';

export const Latitude = Type.Number({ minimum: -90, maximum: 90 });
export const Longitude = Type.Number({ minimum: -180, maximum: 180 });

/** WGS-84, degrees. A pair of numbers exists only in GeoJSON. */
export const GeoPoint = Type.Object({ lat: Latitude, lon: Longitude }, { additionalProperties: false });
export type GeoPoint = Readonly<Static<typeof GeoPoint>>;

/** Within about ten metres of 0/0, where receivers without a fix claim to be and no road is. */
export function isNullIsland({ lat, lon }: GeoPoint): boolean {
  return Math.abs(lat) < 1e-4 && Math.abs(lon) < 1e-4;
}
