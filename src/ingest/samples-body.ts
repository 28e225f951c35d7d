import { Type } from 'typebox';

const SampleBody = Type.Object({
  at: Type.String(),
  reason: Type.String(),
  device: Type.Optional(Type.String()),
  payload: Type.String(),
  bytes: Type.Integer(),
  faults: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), expected: Type.String() }))),
});

/** What was not taken, as an engineer sees it. */
export const SamplesBody = Type.Object({
  unknown: Type.Array(
    Type.Object({
      topic: Type.String(),
      count: Type.Integer(),
      lastAt: Type.String(),
      samples: Type.Array(SampleBody),
    }),
  ),
  wrong: Type.Array(Type.Object({ topic: Type.String(), samples: Type.Array(SampleBody) })),
});
