export interface HeaderFacts {
  readonly secure: boolean;
  /** Origins that the base map's pictures and tiles come from. */
  readonly mapOrigins: readonly string[];
}

/** Nothing but our own files; pictures and video may be made in the page; nobody frames it (ASVS 3.4.1-3.4.6). */
export function contentSecurityPolicy(mapOrigins: readonly string[], style = "'self'"): string {
  const map = mapOrigins.map((origin) => ` ${origin}`).join('');
  return [
    "default-src 'self'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    "media-src 'self' blob:",
    `img-src 'self' data: blob:${map}`,
    `connect-src 'self'${map}`,
    `style-src ${style}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Headers of every answer; what may be kept (hashed files) says so itself. */
export function securityHeaders({ secure, mapOrigins }: HeaderFacts): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(mapOrigins),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    ...(secure && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  };
}
