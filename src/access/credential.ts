/** The token of a request and how it came. */
export type Credential = { readonly kind: 'bearer' | 'cookie'; readonly token: string } | { readonly kind: 'none' };

/** `__Host-` binds the cookie to this host and to TLS (RFC 6265bis 4.1.3.2); a browser keeps it over TLS only. */
export const cookieName = (secure: boolean) => (secure ? '__Host-tianliang' : 'tianliang');

/** A bearer token wins over a cookie, also when it is not valid: a client that names itself means it. */
export function credentialOf(
  headers: { authorization?: string | undefined; cookie?: string | undefined },
  secure: boolean,
): Credential {
  if (headers.authorization !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1];
    return { kind: 'bearer', token: token ?? '' };
  }
  const prefix = `${cookieName(secure)}=`;
  const pair = headers.cookie
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix));
  return pair ? { kind: 'cookie', token: pair.slice(prefix.length) } : { kind: 'none' };
}

/** The Set-Cookie value; without a token it takes the cookie back. The server ends the session, so it needs no Max-Age. */
export function sessionCookie(token: string | undefined, secure: boolean): string {
  const attributes = [
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    ...(secure ? ['Secure'] : []),
    ...(token ? [] : ['Max-Age=0']),
  ];
  return [`${cookieName(secure)}=${token ?? ''}`, ...attributes].join('; ');
}

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/** A browser treats its own machine as safe; anything else over plain HTTP would show the session to the network. */
export function isLoopbackHost(hostname: string): boolean {
  return loopbackHost.test(hostname);
}
