import { type Static, Type } from 'typebox';

/** `video.rtmp` of tianliang.yaml: where drones and body cameras push to. Nothing listens unless a camera says `source: rtmp`. */
export const RtmpConfig = Type.Object(
  {
    host: Type.String({
      minLength: 1,
      maxLength: 255,
      default: '127.0.0.1',
      description: 'the address to listen on for RTMP pushes; 127.0.0.1 hears only this machine, 0.0.0.0 the network',
    }),
    port: Type.Integer({
      minimum: 0,
      maximum: 65_535,
      default: 1_935,
      description: 'the port to listen on for RTMP pushes, 0 to 65535; 0 takes any free one',
    }),
  },
  { additionalProperties: false, default: {}, description: 'where cameras with source: rtmp push to: {host, port}' },
);
export type RtmpConfig = Readonly<Static<typeof RtmpConfig>>;
