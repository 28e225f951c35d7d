import { type Role, roles } from '../../shared/actor.ts';
import type { OidcConfig } from './oidc-config.ts';

/** What the issuer says of somebody, in the words of this house. */
export interface OidcPerson {
  /** The issuer and its name for them, which is never given to another. */
  readonly subject: string;
  readonly name: string;
  readonly role: Role | undefined;
  readonly areas: readonly string[] | 'all';
}

type Claims = Readonly<Record<string, unknown>>;

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');

/** Of several roles the one that may most. */
function roleOf(claims: Claims, { rolesClaim, roles: map }: OidcConfig): Role | undefined {
  const held = new Set(
    textsOf(claims[rolesClaim]).map((value) => (Object.hasOwn(map, value) ? map[value] : undefined)),
  );
  return roles.findLast((role) => held.has(role));
}

/** As account names are: letters, digits, dots, dashes, underscores. */
export function nameOf(claims: Claims): string {
  const [said = ''] = textsOf([claims.preferred_username, claims.email, claims.sub].find((one) => one !== undefined));
  const plain = said
    .normalize('NFKC')
    .replace(/@.*$/, '')
    .replaceAll(/[^\p{L}\p{M}\p{N}._-]/gu, '');
  return plain.replace(/^[^\p{L}\p{N}]+/u, '').slice(0, 28) || 'oidc';
}

export function personOf(
  claims: Claims & { readonly iss: string; readonly sub: string },
  config: OidcConfig,
): OidcPerson {
  const { areasClaim } = config;
  const areas = areasClaim === undefined ? 'all' : textsOf(claims[areasClaim]).slice(0, 200);
  return { subject: `${claims.iss}#${claims.sub}`, name: nameOf(claims), role: roleOf(claims, config), areas };
}
