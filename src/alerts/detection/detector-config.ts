import { type Static, Type } from 'typebox';

/** `detector:` of tianliang.yaml. One worker is one core at full load and about 150 MB. */
export const DetectorConfig = Type.Object(
  {
    backend: Type.Enum(['wasm'], { default: 'wasm' }),
    model: Type.Optional(
      Type.String({ minLength: 1, description: 'the path of a CenterNet graph model (model.json)' }),
    ),
    workers: Type.Integer({ minimum: 0, maximum: 16, default: 1 }),
    /** Below it a seen object is none. */
    score: Type.Number({ minimum: 0.05, maximum: 0.99, default: 0.4 }),
  },
  { additionalProperties: false, default: {} },
);
export type DetectorConfig = Readonly<Static<typeof DetectorConfig>>;
