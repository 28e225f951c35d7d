import { type Static, Type } from 'typebox';

/** Networks cameras live in: RFC 1918, RFC 6598, RFC 4193. */
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];
const cidr = String.raw`^(?:\d{1,3}(?:\.\d{1,3}){3}/(?:3[0-2]|[12]?\d)|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/(?:12[0-8]|1[01]\d|[1-9]?\d))$`;

/** `video.sources` of tianliang.yaml: where sources that ffmpeg reads may lie. */
export const SourcesConfig = Type.Object(
  {
    allow: Type.Array(
      Type.String({ pattern: cidr, maxLength: 64, description: 'a network like 192.168.10.0/24 or 2001:db8::/32' }),
      {
        maxItems: 256,
        default: privateNetworks,
        description:
          'networks that http, https, rtmp and srt sources may lie in, private ones by default; this machine, link-local and ' +
          'cloud metadata addresses only when a network inside those ranges is listed',
      },
    ),
  },
  { additionalProperties: false, default: {}, description: 'where sources may lie: {allow}' },
);
export type SourcesConfig = Readonly<Static<typeof SourcesConfig>>;
