import { resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { adapterNames, backendWishes } from './models/model-form.ts';

const Score = { minimum: 0.05, maximum: 0.99 };

/** `detector: gate`: what does not move is not looked at. */
const GateConfig = Type.Object(
  {
    enabled: Type.Boolean({ default: true, description: 'false: all of every picture is looked at' }),
    /** A pedestrian who stood still before the first picture is found so late at most. */
    fullEvery: Type.Number({
      minimum: 1,
      maximum: 3_600,
      default: 30,
      description: 'seconds between two looks at all of a picture in which nothing moves, 1 to 3600',
    }),
    /** Each is one run of the model. */
    regions: Type.Integer({
      minimum: 1,
      maximum: 4,
      default: 2,
      description: 'how many regions of a picture are looked at before all of it is, 1 to 4',
    }),
  },
  { additionalProperties: false, default: {}, description: 'the motion gate: {enabled, fullEvery, regions}' },
);

/** `detector:` of tianliang.yaml. One worker is one core at full load and about 150 MB. */
export const DetectorConfig = Type.Object(
  {
    backend: Type.Enum([...backendWishes], {
      default: 'auto',
      description: 'wasm, node (@tensorflow/tfjs-node, when installed), or whichever there is',
    }),
    model: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2_000,
        description:
          "a TensorFlow.js graph model: the path or URL of its model.json, or a name of 'tianliang model list'",
      }),
    ),
    adapter: Type.Optional(
      Type.Enum([...adapterNames], { description: 'how its answers are read; found out by itself when left out' }),
    ),
    labels: Type.Optional(
      Type.String({ minLength: 1, description: 'the path of its class names, one a line, or a list in JSON or YAML' }),
    ),
    size: Type.Optional(
      Type.Integer({ minimum: 32, maximum: 2_048, description: 'side of its square picture, where it takes any' }),
    ),
    sha256: Type.Optional(
      Type.String({ pattern: '^[0-9a-f]{64}$', description: 'of model.json and its weights, in their order' }),
    ),
    workers: Type.Integer({ minimum: 0, maximum: 16, default: 1 }),
    /** Below it a seen object is none. */
    score: Type.Number({ ...Score, default: 0.35 }),
    /** Labels with a limit of their own, like `person: 0.5`. */
    thresholds: Type.Record(Type.String({ minLength: 1, maxLength: 64 }), Type.Number(Score), { default: {} }),
    gate: GateConfig,
  },
  { additionalProperties: false, default: {} },
);
export type DetectorConfig = Readonly<Static<typeof DetectorConfig>>;

/** Paths made absolute: who reads them need not know where the file lies. */
export function placedDetector<T extends DetectorConfig>(detector: T, dir: string): T {
  const { model, labels } = detector;
  const isPath = model !== undefined && /[/\\.]/.test(model) && !/^https?:/i.test(model);
  return {
    ...detector,
    ...(isPath && { model: resolve(dir, model) }),
    ...(labels !== undefined && { labels: resolve(dir, labels) }),
  };
}
