import { Type } from 'typebox';
import { RoleName } from '../shared/actor.ts';
import { OidcConfig } from './oidc/oidc-config.ts';

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

/** `ledger:` of tianliang.yaml. */
export const LedgerConfig = Type.Object(
  {
    heads: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'a file for signed heads, best on another disk; ledger-heads.jsonl of the data',
      }),
    ),
  },
  { additionalProperties: false, default: {} },
);
export type LedgerConfig = Type.Static<typeof LedgerConfig>;

/** `access:` of tianliang.yaml: by what else than a password people are known. */
export const AccessConfig = Type.Object(
  {
    secondFactor: Type.Object(
      { roles: Type.Array(RoleName, { default: [], description: 'who must have a second factor' }) },
      { additionalProperties: false, default: {} },
    ),
    oidc: Type.Optional(OidcConfig),
  },
  { additionalProperties: false, default: {} },
);
export type AccessConfig = Type.Static<typeof AccessConfig>;
