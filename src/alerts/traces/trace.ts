import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type Static, Type } from 'typebox';

/** Label, score, and the box as parts of the picture: x, y, width, height. */
export const SeenBox = Type.Tuple([
  Type.String({ minLength: 1, maxLength: 40 }),
  Type.Number(),
  Type.Number(),
  Type.Number(),
  Type.Number(),
  Type.Number(),
]);
export type SeenBox = Static<typeof SeenBox>;

/** What the detector found in one picture, taken so many milliseconds after `from`. */
export const Look = Type.Object(
  { ms: Type.Integer({ minimum: 0 }), seen: Type.Array(SeenBox, { maxItems: 32 }) },
  { additionalProperties: false },
);
export type Look = Static<typeof Look>;

/** What one camera saw around an alert, before any zone, mask or limit: boxes, never pixels. */
export const CameraTrace = Type.Object(
  {
    type: Type.Literal('camera'),
    camera: Type.String({ minLength: 1, maxLength: 64 }),
    /** RFC 3339 UTC. */
    from: Type.String({ maxLength: 30 }),
    /** Width of the picture over its height. */
    aspect: Type.Number({ exclusiveMinimum: 0 }),
    /** What the detector was less sure of was not written down. */
    leastScore: Type.Number({ minimum: 0, maximum: 1 }),
    looks: Type.Array(Look, { maxItems: 2_000 }),
  },
  { additionalProperties: false },
);
export type CameraTrace = Static<typeof CameraTrace>;

/** One measure of one sensor, so many milliseconds after `from`. */
export const Series = Type.Object(
  {
    sensor: Type.String({ minLength: 1, maxLength: 64 }),
    measure: Type.String({ minLength: 1, maxLength: 64 }),
    points: Type.Array(Type.Tuple([Type.Integer({ minimum: 0 }), Type.Number()]), { maxItems: 12_000 }),
  },
  { additionalProperties: false },
);
export type Series = Static<typeof Series>;

/** What a sensor, and those its rules look at with it, measured around an alert. */
export const SensorTrace = Type.Object(
  {
    type: Type.Literal('sensor'),
    sensor: Type.String({ minLength: 1, maxLength: 64 }),
    from: Type.String({ maxLength: 30 }),
    to: Type.String({ maxLength: 30 }),
    series: Type.Array(Series, { maxItems: 100 }),
  },
  { additionalProperties: false },
);
export type SensorTrace = Static<typeof SensorTrace>;

/** All that a rule needs to judge anew what an alert was raised from. */
export const Trace = Type.Union([CameraTrace, SensorTrace]);
export type Trace = Static<typeof Trace>;

const [zip, unzip] = [promisify(gzip), promisify(gunzip)];
/** No trace of these bounds is longer; what claims to be is none of ours. */
const mostBytes = 16 * 1024 * 1024;

/** A trace as the store keeps it: the same boxes over and over take a tenth of their place. */
export async function packTrace(trace: Trace): Promise<Uint8Array> {
  return new Uint8Array(await zip(JSON.stringify(trace)));
}

/** Written by `packTrace` alone. */
export async function unpackTrace(bytes: Uint8Array): Promise<Trace> {
  const text = await unzip(bytes, { maxOutputLength: mostBytes });
  const trace: Trace = JSON.parse(text.toString('utf8'));
  return trace;
}
