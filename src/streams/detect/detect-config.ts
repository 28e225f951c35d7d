import { type Static, type TSchema, Type } from 'typebox';
import { weeklyHoursKeys } from '../../shared/weekly-hours.ts';

const closed = { additionalProperties: false };
const fraction = Type.Number({ minimum: 0, maximum: 1, description: 'a part of the picture from 0 to 1' });
const slug = '^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$';

const Corner = Type.Tuple([fraction, fraction], { description: 'a corner [x, y], each from 0 to 1' });
const Polygon = Type.Array(Corner, {
  minItems: 3,
  maxItems: 64,
  description: 'at least 3 corners [x, y], each from 0 to 1, [0, 0] at the top left',
});

const Schedule = Type.Object(
  {
    when: Type.Optional(
      Type.Enum(['day', 'night', 'always'], {
        description: 'day (from sunrise to sunset at the camera), night or always',
      }),
    ),
    ...weeklyHoursKeys,
  },
  { ...closed, description: 'when it holds: {when, weekdays, hours, timezone}' },
);

const Objects = Type.Array(
  Type.String({ minLength: 1, maxLength: 40, description: 'the name of an object, like person' }),
  {
    minItems: 1,
    maxItems: 80,
    description: 'names of objects to look for, like [person], or of families: animal, two-wheeler, vehicle',
  },
);

/** Of zones and lines. */
const watched = {
  id: Type.String({ pattern: slug, description: 'an id of small letters, digits, dots, dashes and underscores' }),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 32, description: 'what people call it, to 32 letters' })),
  road: Type.Optional(Type.Boolean({ description: 'true when it lies on a road (the default), else false' })),
  objects: Type.Optional(Objects),
  minSize: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description: "the least height of a box that counts, as a part of the picture's, 0 to 1",
    }),
  ),
  cooldown: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 86_400,
      description: 'seconds after an event in which none begins anew, 0 to 86400',
    }),
  ),
  schedule: Type.Optional(Schedule),
} satisfies Record<string, TSchema>;

const Zone = Type.Object(
  {
    ...watched,
    polygon: Polygon,
    rule: Type.Optional(
      Type.Enum(['presence', 'stopped', 'wrong-way', 'crowd', 'object-left'], {
        description: 'presence (the default), stopped, wrong-way, crowd or object-left',
      }),
    ),
    dwell: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 3_600,
        description: 'seconds somebody must stay before it is an alert, 0 to 3600',
      }),
    ),
    direction: Type.Optional(
      Type.Tuple([Corner, Corner], {
        description: 'which way traffic goes: [[x, y], [x, y]], from the first point to the second',
      }),
    ),
    count: Type.Optional(
      Type.Integer({ minimum: 2, maximum: 100, description: 'from how many on it is a crowd, 2 to 100' }),
    ),
  },
  { ...closed, description: 'a zone with id and polygon' },
);

const Line = Type.Object(
  {
    ...watched,
    points: Type.Array(Corner, {
      minItems: 2,
      maxItems: 64,
      description: 'at least 2 points [x, y], each from 0 to 1, [0, 0] at the top left',
    }),
    rule: Type.Optional(Type.Enum(['crossing', 'wrong-way'], { description: 'crossing (the default) or wrong-way' })),
    direction: Type.Optional(
      Type.Enum(['left', 'right', 'both'], {
        description: 'the side gone to, seen from the first point to the last: left, right or both (the default)',
      }),
    ),
  },
  { ...closed, description: 'a line with id and points' },
);

/** `detect:` of a camera: what its pictures are looked at for. */
export const DetectEntry = Type.Object(
  {
    every: Type.Optional(
      Type.Number({ minimum: 0.04, maximum: 3_600, description: 'seconds between looked at pictures, 0.04 to 3600' }),
    ),
    objects: Type.Optional(Objects),
    zones: Type.Optional(
      Type.Array(Zone, { maxItems: 64, description: 'a list of zones {id, polygon, rule, dwell, …}' }),
    ),
    lines: Type.Optional(Type.Array(Line, { maxItems: 64, description: 'a list of lines {id, points, direction, …}' })),
    gate: Type.Optional(
      Type.Boolean({ description: 'false when all of every picture is to be looked at, also when nothing moves' }),
    ),
    masks: Type.Optional(
      Type.Array(Polygon, { maxItems: 64, description: 'a list of polygons that are not looked at' }),
    ),
  },
  { ...closed, description: 'what to detect: {every, objects, zones, lines, masks, gate}' },
);
export type DetectEntry = Static<typeof DetectEntry>;

export type ZoneConfig = Readonly<Static<typeof Zone>>;
export type LineConfig = Readonly<Static<typeof Line>>;

/** What a camera is looked at for, with all defaults applied. */
export interface DetectConfig {
  /** Seconds. */
  readonly every: number;
  readonly objects: readonly string[];
  readonly zones: readonly ZoneConfig[];
  readonly lines: readonly LineConfig[];
  readonly masks: NonNullable<DetectEntry['masks']>;
  /** False: the motion gate is off for this camera. */
  readonly gate?: boolean;
}

/** A zone that is closed to somebody raises at once unless told; other rules have a dwell of their own. */
export function resolveDetect(entry: DetectEntry): DetectConfig {
  const { every = 0.5, objects = ['person'], zones = [], lines = [], masks = [], gate } = entry;
  return { every, objects, masks, lines, zones: zones.map(resolveZone), ...(gate !== undefined && { gate }) };
}

function resolveZone(zone: ZoneConfig): ZoneConfig {
  const isPresence = zone.rule === undefined || zone.rule === 'presence';
  return { ...(isPresence && { dwell: 0 }), road: true, ...zone };
}
