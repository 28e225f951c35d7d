import { type Static, Type } from 'typebox';

const Speed = Type.Number({ minimum: -1, maximum: 1 });

/** What a camera is told to do: move for a while, stop, or go to a preset. Speeds from -1 to 1. */
export const PtzCommand = Type.Object(
  {
    pan: Type.Optional(Speed),
    tilt: Type.Optional(Speed),
    zoom: Type.Optional(Speed),
    seconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 10, default: 0.5 })),
    preset: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    stop: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type PtzCommand = Static<typeof PtzCommand>;

/** A camera to try out before it is in cameras.yaml, or one that is there by its id. */
export const ProbeTarget = Type.Object(
  {
    id: Type.Optional(Type.String({ maxLength: 64 })),
    source: Type.Optional(Type.String({ pattern: '^(rtsps?|onvif)://', maxLength: 2_048 })),
    username: Type.Optional(Type.String({ maxLength: 128 })),
    password: Type.Optional(Type.String({ maxLength: 256 })),
  },
  { additionalProperties: false },
);
export type ProbeTarget = Static<typeof ProbeTarget>;

/** A device that answered a search. */
export const FoundDevice = Type.Object({
  address: Type.String(),
  name: Type.Optional(Type.String()),
  model: Type.Optional(Type.String()),
  source: Type.String(),
});
export type FoundDevice = Static<typeof FoundDevice>;
