import type { Failure } from './source.ts';
import { type TicketDesk, TicketShelf } from './ticket-shelf.ts';

/** A transcoder may be free again after this long. */
const busyMs = 30_000;

/** What all players of a page know together: tickets asked for ahead, and what did not work here. */
export class PlayerMemory {
  readonly tickets: TicketShelf;
  readonly #failures = new Map<string, number>();

  constructor(api: TicketDesk) {
    this.tickets = new TicketShelf(api);
  }

  /** WebRTC that does not connect does so for no camera; the rest is a camera's own. */
  failed(camera: string): ReadonlySet<Failure> {
    const now = performance.now();
    const all = ['whep', 'h265', 'h264-busy'] as const;
    return new Set(
      all.filter((what) => [what, `${what} ${camera}`].some((key) => (this.#failures.get(key) ?? 0) > now)),
    );
  }

  noteUnconnected(): void {
    this.#failures.set('whep', Number.POSITIVE_INFINITY);
  }

  note(what: Failure, camera: string): void {
    const until = what === 'h264-busy' ? performance.now() + busyMs : Number.POSITIVE_INFINITY;
    this.#failures.set(`${what} ${camera}`, until);
  }
}
