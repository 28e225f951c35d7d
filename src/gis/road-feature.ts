import { type Static, Type } from 'typebox';
import { Feature, FeatureCollection, LineString } from './geojson.ts';

/** 上行 (toward K0) or 下行 (away from it). */
export const Carriageway = Type.Enum(['up', 'down']);
export type Carriageway = Static<typeof Carriageway>;

const StakeMeters = Type.Number({ minimum: 0, maximum: 99_999_999 });
const Stretch = Type.Unsafe<readonly [from: number, to: number, name?: string]>({
  type: 'array',
  prefixItems: [StakeMeters, StakeMeters, Type.String()],
  minItems: 2,
  maxItems: 3,
});
const Opening = Type.Unsafe<readonly [stakeMeters: number, name?: string]>({
  type: 'array',
  prefixItems: [StakeMeters, Type.String()],
  minItems: 1,
  maxItems: 2,
  description: 'an opening [stake metres, name]',
});

/**
 * One line of a road. Coordinates run toward rising stakes on both carriageways, whatever way the traffic goes.
 * A road without carriageways is one feature; a divided one has two or more with the same `id`.
 * Where stakes are comes from `stakes`, pairs of metres and the vertex (from 0) that stands there; between two of them
 * and beyond the outer ones by length. Without it the first vertex stands at `startStakeMeters`.
 */
export const RoadProperties = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64, description: 'the road number, like G76' }),
  name: Type.Optional(Type.String()),
  kind: Type.Enum(['motorway', 'trunk', 'local']),
  carriageway: Type.Optional(Carriageway),
  startStakeMeters: Type.Optional(StakeMeters),
  stakes: Type.Optional(
    Type.Array(
      Type.Unsafe<readonly [meters: number, vertex: number]>({
        type: 'array',
        prefixItems: [StakeMeters, Type.Integer({ minimum: 0 })],
        minItems: 2,
        maxItems: 2,
      }),
    ),
  ),
  /** From and to in stake metres, and a name. */
  tunnels: Type.Optional(Type.Array(Stretch)),
  bridges: Type.Optional(Type.Array(Stretch)),
  /** Traffic goes only the way the line is drawn. A carriageway is one-way of itself; false lets both ways use it, as in a contraflow. */
  oneway: Type.Optional(Type.Boolean({ description: 'true where traffic goes only the way the line is drawn' })),
  /** What a unit in a hurry makes of it. */
  speed: Type.Optional(Type.Number({ minimum: 5, maximum: 200, description: 'km/h, from 5 to 200' })),
  /** One line stands for both ways, and nobody turns between two joints. */
  median: Type.Optional(Type.Boolean({ description: 'true where a median keeps both ways apart' })),
  /** Leads from road to road: one-way as drawn unless told. It has no stakes, nothing is placed on it. */
  ramp: Type.Optional(Type.Boolean({ description: 'true for the ramp of an interchange' })),
  /** Where units may turn through the median (中央分隔带开口); on either carriageway, of stakes that both reach. */
  emergencyOpenings: Type.Optional(Type.Array(Opening, { maxItems: 1_000 })),
});
export type RoadProperties = Static<typeof RoadProperties>;

export const RoadFeature = Feature(LineString, RoadProperties);
export type RoadFeature = Static<typeof RoadFeature>;

/** What `roads.geojson` holds. */
export const RoadsGeoJson = FeatureCollection(RoadFeature);
export type RoadsGeoJson = Static<typeof RoadsGeoJson>;
