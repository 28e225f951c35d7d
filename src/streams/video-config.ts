import { type Static, Type } from 'typebox';
import { RecordingConfig } from './recorder/recording-config.ts';
import { RtmpConfig } from './rtmp/rtmp-config.ts';
import { SelfTestConfig } from './self-test/self-test-config.ts';
import { SourcesConfig } from './sources/sources-config.ts';
import { TranscoderLimit } from './transcode/transcoder-slots.ts';
import { WebrtcConfig } from './whep/webrtc-config.ts';

/** The part `video` of tianliang.yaml: what holds for all cameras together. */
export const VideoConfig = Type.Object(
  {
    recording: RecordingConfig,
    rtmp: RtmpConfig,
    selfTest: SelfTestConfig,
    sources: SourcesConfig,
    transcoders: TranscoderLimit,
    decoding: Type.Enum(['auto', 'software'], {
      default: 'auto',
      description: 'who decodes pictures for the detector: auto (a device when it can) or software',
    }),
    webrtc: WebrtcConfig,
  },
  { additionalProperties: false, default: {}, description: 'settings of all video' },
);
export type VideoConfig = Readonly<Static<typeof VideoConfig>>;
