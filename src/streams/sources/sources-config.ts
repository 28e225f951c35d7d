import { type Static, Type } from 'typebox';
import { NetworkName, privateNetworks } from '../../shared/address-policy.ts';

/** `video.sources` of tianliang.yaml: where sources that ffmpeg reads may lie. */
export const SourcesConfig = Type.Object(
  {
    allow: Type.Array(NetworkName, {
      maxItems: 256,
      default: privateNetworks,
      description:
        'networks that http, https, rtmp and srt sources may lie in, private ones by default; this machine, link-local and ' +
        'cloud metadata addresses only when a network inside those ranges is listed',
    }),
  },
  { additionalProperties: false, default: {}, description: 'where sources may lie: {allow}' },
);
export type SourcesConfig = Readonly<Static<typeof SourcesConfig>>;
