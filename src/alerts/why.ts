import { type Static, Type } from 'typebox';

const Fraction = Type.Number();
const Point = Type.Tuple([Fraction, Fraction]);

/** One thing of those that fired an alert; coordinates are parts of the picture, `score` 0 to 1, `dwell` seconds. */
const SeenThing = Type.Object({
  label: Type.String(),
  score: Type.Number(),
  /** How long it had been followed. */
  seconds: Type.Number(),
  x: Fraction,
  y: Fraction,
  width: Fraction,
  height: Fraction,
});

/** What the nearest station measured when the alert was raised: metres, mm/h, m/s, °C. */
export const Weather = Type.Object({
  station: Type.String(),
  /** How far it is. */
  meters: Type.Number(),
  /** RFC 3339 UTC. */
  at: Type.String(),
  visibility: Type.Optional(Type.Number()),
  rain: Type.Optional(Type.Number()),
  snow: Type.Optional(Type.Number()),
  wind: Type.Optional(Type.Number()),
  temperature: Type.Optional(Type.Number()),
});
export type Weather = Static<typeof Weather>;

/**
 * What a rule on pictures saw and asked when it raised an alert: at most eight things and 64 points, within 4 KiB of JSON.
 * Times are seconds.
 */
export const Why = Type.Object({
  rule: Type.String(),
  /** RFC 3339 UTC. */
  at: Type.String(),
  place: Type.Object({
    type: Type.Enum(['zone', 'line']),
    id: Type.String(),
    name: Type.String(),
    points: Type.Array(Point, { maxItems: 64 }),
  }),
  things: Type.Array(SeenThing, { maxItems: 8 }),
  /** Of those that were not written down. */
  moreThings: Type.Optional(Type.Integer()),
  dwell: Type.Number(),
  limits: Type.Object({
    objects: Type.Array(Type.String(), { maxItems: 16 }),
    score: Type.Number(),
    dwell: Type.Number(),
    minSize: Type.Number(),
    cooldown: Type.Number(),
    clear: Type.Number(),
    count: Type.Optional(Type.Number()),
    direction: Type.Optional(Type.Union([Type.String(), Type.Tuple([Point, Point])])),
  }),
  schedule: Type.Optional(
    Type.Object({
      when: Type.String(),
      weekdays: Type.Array(Type.String()),
      hours: Type.Array(Type.String()),
      /** Degrees, at the camera. */
      sun: Type.Number(),
    }),
  ),
  /** Left out where no station is near or none has spoken lately. */
  weather: Type.Optional(Weather),
});
export type Why = Static<typeof Why>;
