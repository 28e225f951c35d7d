import { createRequire } from 'node:module';
import { type Static, Type } from 'typebox';
import { type GeoPoint, Latitude, Longitude } from './point.ts';

export const datums = ['wgs84', 'gcj02', 'bd09'] as const;
export type Datum = (typeof datums)[number];
export const DatumName = Type.Enum([...datums]);

/** A point as people write it down: WGS-84 unless it says that a Chinese web map gave it. */
export const WrittenPoint = Type.Object(
  { lat: Latitude, lon: Longitude, datum: Type.Optional(DatumName) },
  { additionalProperties: false },
);
export type WrittenPoint = Readonly<Static<typeof WrittenPoint>>;

interface Gcoord {
  transform(point: [lon: number, lat: number], from: string, to: string): [lon: number, lat: number];
}

// Its typings describe an ES module while its entry is CommonJS, so a typed import would not run.
const gcoord: Gcoord = createRequire(import.meta.url)('gcoord');
const names = { wgs84: 'WGS84', gcj02: 'GCJ02', bd09: 'BD09' } as const;

/** The point in WGS-84, right to 0.3 m. Outside China GCJ-02 is WGS-84. */
export function toWgs84({ lat, lon, datum = 'wgs84' }: WrittenPoint): GeoPoint {
  return convert({ lat, lon }, datum, 'wgs84');
}

/** The point as a map of that datum draws it: for base maps that are not WGS-84. */
export function fromWgs84(point: GeoPoint, datum: Datum): GeoPoint {
  return convert(point, 'wgs84', datum);
}

function convert({ lat, lon }: GeoPoint, from: Datum, to: Datum): GeoPoint {
  if (from === to) return { lat, lon };
  const [toLon, toLat] = gcoord.transform([lon, lat], names[from], names[to]);
  return { lat: toLat, lon: toLon };
}
