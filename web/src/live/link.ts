/** The one connection to the server, as the seat sees it. Times are milliseconds of this machine. */
export type Link =
  | { readonly phase: 'connecting'; readonly attempt: number; readonly lostAt: number }
  | { readonly phase: 'open'; readonly since: number }
  | { readonly phase: 'waiting'; readonly attempt: number; readonly lostAt: number; readonly retryAt: number }
  | { readonly phase: 'closed' };

export type LinkEvent =
  | { readonly type: 'dial'; readonly at: number }
  | { readonly type: 'opened'; readonly at: number }
  | { readonly type: 'lost'; readonly at: number; readonly random: number }
  | { readonly type: 'close' };

const firstRetryMs = 500;
const longestRetryMs = 15_000;

/** Doubling from 0.5 s to 15 s, the upper half of each step random: a thousand seats do not return in the same second. */
export function reconnectDelayMs(attempt: number, random: number): number {
  const step = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempt, 10));
  return Math.round(step / 2 + (step / 2) * random);
}

/** The next state; `closed` is final. */
export function nextLink(link: Link, event: LinkEvent): Link {
  if (link.phase === 'closed' || event.type === 'close') return { phase: 'closed' };
  const attempt = 'attempt' in link ? link.attempt : 0;
  const lostAt = 'lostAt' in link ? link.lostAt : event.at;
  if (event.type === 'opened') return { phase: 'open', since: event.at };
  if (event.type === 'dial') return { phase: 'connecting', attempt, lostAt };
  const retryAt = event.at + reconnectDelayMs(attempt, event.random);
  return { phase: 'waiting', attempt: attempt + 1, lostAt, retryAt };
}

/** How long the seat has been without data, once it is long enough to be told; otherwise undefined. */
export function outageMs(link: Link, now: number): number | undefined {
  if (link.phase === 'open' || link.phase === 'closed') return undefined;
  const missing = now - link.lostAt;
  return missing >= 2_000 ? missing : undefined;
}
