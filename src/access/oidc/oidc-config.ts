import { type Static, Type } from 'typebox';
import { RoleName } from '../../shared/actor.ts';
import { secretProblem } from '../../shared/secret-problem.ts';
import { isLoopbackHost } from '../credential.ts';

const claim = { minLength: 1, maxLength: 64 };

/** `access.oidc:` of tianliang.yaml: the login of another house (OpenID Connect Core 1.0), beside passwords. */
export const OidcConfig = Type.Object(
  {
    issuer: Type.String({ pattern: '^https?://[^\\s]+$', description: 'the URL of the issuer' }),
    clientId: Type.String({ minLength: 1, maxLength: 256 }),
    clientSecret: Type.String({ minLength: 1, maxLength: 512, description: 'what the issuer gave, as ${ENV}' }),
    name: Type.String({ minLength: 1, maxLength: 40, default: 'OpenID', description: 'what the button says' }),
    rolesClaim: Type.String({ ...claim, default: 'groups' }),
    roles: Type.Record(Type.String(), RoleName, { description: 'values of that claim, and the role each has here' }),
    areasClaim: Type.Optional(Type.String({ ...claim, description: 'a list of area ids; all areas without it' })),
  },
  { additionalProperties: false },
);
export type OidcConfig = Static<typeof OidcConfig>;

export interface OidcIssue {
  readonly path: readonly string[];
  readonly at: 'value';
  readonly message: string;
}

const shortestSecret = 16;
/** Words of documentation: an issuer's own secrets are drawn by lot. */
const exampleWords = /secret|password/i;

/** Says the rule, never the secret. */
export function oidcIssues({ clientSecret, issuer }: OidcConfig): OidcIssue[] {
  const issue = (key: string, message: string) => ({ path: ['access', 'oidc', key], at: 'value' as const, message });
  const isExample = exampleWords.test(clientSecret);
  const problem = isExample ? 'expected a secret of its own' : secretProblem(clientSecret, shortestSecret);
  const { protocol, hostname } = new URL(issuer);
  const isPlain = protocol !== 'https:' && !isLoopbackHost(hostname);
  return [
    ...(problem === undefined ? [] : [issue('clientSecret', problem)]),
    ...(isPlain ? [issue('issuer', 'expected https, except on this machine')] : []),
  ];
}
