import { type Static, Type } from 'typebox';

/** In the order they are walked. Which of them a source has depends on its kind. */
export const probeStages = [
  'dns',
  'tcp',
  'auth',
  'profile',
  'describe',
  'setup',
  'publisher',
  'first_packet',
  'first_key_frame',
  'playable',
] as const;
export type ProbeStageName = (typeof probeStages)[number];

/** One for each sentence on what to do, for whoever translates it; `ok` where there is nothing to do. */
export const probeCodes = [
  'ok',
  'dns',
  'refused',
  'unreachable',
  'timeout',
  'unauthorized',
  'not_onvif',
  'not_found',
  'codec',
  'no_packets',
  'no_keyframe',
  'no_publisher',
  'ask_server',
  'lost',
  'protocol',
  'b_frames',
  'h265',
  'profile',
] as const;
export type ProbeCode = (typeof probeCodes)[number];

/** What was seen of the pictures. */
export const ProbedVideo = Type.Object({
  codec: Type.Enum(['h264', 'h265']),
  /** As the standards name it: `Main`, `High`. */
  profile: Type.String(),
  level: Type.String(),
  width: Type.Integer(),
  height: Type.Integer(),
  chroma: Type.String(),
  bitDepth: Type.Integer(),
  bFrames: Type.Boolean(),
  /** As they came, not as they were announced; absent when too few came. */
  fps: Type.Optional(Type.Number()),
  /** From key picture to key picture; absent when only one came. */
  gopSeconds: Type.Optional(Type.Number()),
});
export type ProbedVideo = Readonly<Static<typeof ProbedVideo>>;

/** One stage of a probe; the first that is not `ok` is the last. `message` is English, `code` stays as it is. */
export const ProbeStage = Type.Object({
  stage: Type.Enum([...probeStages]),
  ok: Type.Boolean(),
  ms: Type.Integer({ minimum: 0 }),
  code: Type.Enum([...probeCodes]),
  message: Type.String(),
  video: Type.Optional(ProbedVideo),
  /** The encoding of the sound, playable or not. */
  sound: Type.Optional(Type.String()),
});
export type ProbeStage = Readonly<Static<typeof ProbeStage>>;
