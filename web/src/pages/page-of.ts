export const pages = ['wall', 'incidents', 'report', 'evidence', 'handover'] as const;
export type PageName = (typeof pages)[number];

/** Which page the address names, and what on it: `#incidents/ID`. */
export interface Address {
  readonly page: PageName;
  readonly rest: readonly string[];
}

export function addressOf(hash: string): Address {
  const [name = '', ...rest] = hash.replace(/^#/, '').split('/').map(decoded);
  return { page: pages.find((page) => page === name) ?? 'wall', rest };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** G, then one of these. */
export const pageKeys: Readonly<Record<string, string>> = {
  m: '#wall',
  i: '#incidents',
  n: '#report',
  e: '#evidence',
  h: '#handover',
};
