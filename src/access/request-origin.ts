/** What of a request tells where it comes from; `host` and `secure` are as configured proxies say. */
export interface RequestSource {
  readonly method: string;
  readonly upgrade: boolean;
  readonly credential: 'bearer' | 'cookie' | 'none';
  readonly secure: boolean;
  readonly host: string;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly contentType: string | undefined;
  readonly hasBody: boolean;
}

export type SourceProblem = 'foreign-origin' | 'missing-origin' | 'form-content';

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];
/** What a page of another site can send without asking first (the CORS-safelisted types), and bodies without a type. */
const formTypes = ['', 'text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded'];

function parsed(origin: string): URL | undefined {
  return URL.canParse(origin) ? new URL(origin) : undefined;
}

/** Same host and port; a page over TLS may speak to a server that does not see the TLS, never the other way round. */
export function isOwnOrigin({ secure, host, origin = '' }: RequestSource, allowed: readonly string[]): boolean {
  const page = parsed(origin);
  if (!page || !/^https?:$/.test(page.protocol)) return false;
  if (allowed.includes(page.origin)) return true;
  if (secure && page.protocol !== 'https:') return false;
  return page.host === parsed(`${page.protocol}//${host}`)?.host;
}

function crossSite(source: RequestSource, allowed: readonly string[]): SourceProblem | undefined {
  if (source.origin !== undefined) return isOwnOrigin(source, allowed) ? undefined : 'foreign-origin';
  if (source.upgrade) return source.credential === 'cookie' ? 'missing-origin' : undefined;
  if (source.fetchSite !== undefined) return source.fetchSite === 'same-origin' ? undefined : 'foreign-origin';
  return source.credential === 'cookie' ? 'missing-origin' : undefined;
}

/**
 * What is wrong with where a request comes from, or undefined (ASVS 3.5.1-3.5.3, 4.4.2). A bearer token is never sent by
 * a browser on its own, so only cookies, tickets and logins need the page's origin.
 */
export function sourceProblem(source: RequestSource, allowed: readonly string[]): SourceProblem | undefined {
  const harmless = !source.upgrade && safeMethods.includes(source.method);
  if (harmless || source.credential === 'bearer') return undefined;
  const problem = crossSite(source, allowed);
  if (problem || source.upgrade) return problem;
  const type = source.contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return source.hasBody && formTypes.includes(type) ? 'form-content' : undefined;
}
