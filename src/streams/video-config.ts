import { type Static, Type } from 'typebox';
import { RecordingConfig } from './recorder/recording-config.ts';
import { WebrtcConfig } from './whep/webrtc-config.ts';

/** The part `video` of tianliang.yaml: what holds for all cameras together. */
export const VideoConfig = Type.Object(
  { recording: RecordingConfig, webrtc: WebrtcConfig },
  { additionalProperties: false, default: {}, description: 'settings of all video' },
);
export type VideoConfig = Readonly<Static<typeof VideoConfig>>;
