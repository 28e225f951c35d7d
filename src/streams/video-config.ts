import { type Static, Type } from 'typebox';
import { WebrtcConfig } from './whep/webrtc-config.ts';

/** The part `video` of tianliang.yaml: what holds for all cameras together. */
export const VideoConfig = Type.Object(
  { webrtc: WebrtcConfig },
  { additionalProperties: false, default: {}, description: 'settings of all video' },
);
export type VideoConfig = Readonly<Static<typeof VideoConfig>>;
