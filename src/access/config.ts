import { Type } from 'typebox';

const Address = Type.String({ pattern: '^[0-9a-fA-F.:]+(/\\d{1,3})?$', description: 'an IP address or a CIDR range' });
const Origin = Type.String({ pattern: '^https?://[^/\\s]+$', description: 'an origin like https://wall.example.org' });
const Path = Type.String({ minLength: 1, description: 'a path of a PEM file' });

/** `server:` of tianliang.yaml: where it listens, and whom it believes about where a request came from. */
export const ServerConfig = Type.Object(
  {
    host: Type.String({ minLength: 1, default: '127.0.0.1', description: 'an address to listen on' }),
    port: Type.Integer({ minimum: 0, maximum: 65_535, default: 8080 }),
    tls: Type.Optional(Type.Object({ cert: Path, key: Path }, { additionalProperties: false })),
    /** Only these may say X-Forwarded-For, -Proto and -Host. */
    proxies: Type.Array(Address, { default: [] }),
    /** Pages of other origins that may act with a session's cookie. */
    origins: Type.Array(Origin, { default: [] }),
  },
  { additionalProperties: false, default: {} },
);
export type ServerConfig = Type.Static<typeof ServerConfig>;
