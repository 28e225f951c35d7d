import type { Watcher } from './watchers.ts';

export interface Shown {
  readonly ticket: string | undefined;
  readonly camera: string;
  /** Whoever the access hook found. */
  readonly known: Watcher | undefined;
}

/**
 * Whoever may watch the camera: by a ticket, which is spent by being shown, or by a session. In the hands of another account
 * than it was given to a ticket opens nothing (T36).
 */
export function admittedWatcher(
  { ticket, camera, known }: Shown,
  redeemTicket: (ticket: string, camera: string) => Watcher | undefined,
): Watcher | undefined {
  if (ticket === undefined) return known;
  const holder = redeemTicket(ticket, camera);
  return known === undefined || known.id === holder?.id ? holder : undefined;
}
