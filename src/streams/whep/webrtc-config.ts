import { type Static, Type } from 'typebox';

const Port = Type.Integer({ minimum: 1_024, maximum: 65_535 });

/** The part `video.webrtc` of tianliang.yaml. */
export const WebrtcConfig = Type.Object(
  {
    enabled: Type.Boolean({ default: true, description: 'whether a browser may play H.264 over WebRTC (WHEP)' }),
    ports: Type.Optional(
      Type.Object(
        { first: Port, last: Port },
        { additionalProperties: false, description: 'UDP ports that a firewall lets through; any free one otherwise' },
      ),
    ),
    addresses: Type.Array(Type.Union([Type.String({ format: 'ipv4' }), Type.String({ format: 'ipv6' })]), {
      default: [],
      maxItems: 4,
      description:
        'where browsers reach this machine by UDP, when it is not where they reach it by HTTP (a container, NAT)',
    }),
    maxSessions: Type.Integer({ default: 32, minimum: 1, maximum: 512, description: 'how many play at once' }),
  },
  { additionalProperties: false, default: {}, description: 'H.264 video with the least delay, over WebRTC' },
);
export type WebrtcConfig = Readonly<Static<typeof WebrtcConfig>>;
