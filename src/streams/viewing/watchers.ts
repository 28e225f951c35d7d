import { randomUUIDv7 } from 'node:crypto';
import type { Actor } from '../../shared/actor.ts';
import type { HubViewer, ViewerEnd } from '../hub/hub-viewer.ts';

/** A row for the ledger: who watched which camera, and how it ended. */
export interface WatchEntry {
  readonly actor: Actor;
  readonly action: 'watch.start' | 'watch.stop';
  readonly object: string;
  readonly result: 'ok';
  /** The same for the beginning and the end. */
  readonly watch: string;
  readonly details: WatchDetails;
}

export interface WatchDetails {
  readonly over: string;
  readonly incident?: string;
  /** Of a recording, and how far it was seen. */
  readonly from?: string;
  readonly to?: string;
  readonly seconds?: number;
  readonly reason?: string;
  readonly dropped?: number;
}

/** A session that is over; its viewers are cut. */
export interface SessionEnd {
  readonly session: string;
  readonly account: string;
  /** Why, for the ledger. */
  readonly reason?: string;
}

/** An actor may know the session it stands for, and the incident it watches for. */
export type Watcher = Actor & { readonly session?: string; readonly incident?: string };

/** What somebody is about to watch; the details go into the ledger. */
export interface Watch {
  readonly actor: Watcher;
  readonly camera: string;
  readonly over: string;
  /** Of a recording: from when on. */
  readonly from?: Date;
  readonly speed?: number;
}

/** Ends of sessions that are remembered: far more than end while a stream is being opened. */
const mostEnds = 1_000;

/** Who watches what right now: tells the ledger of it, and cuts those who may no longer. */
export class Watchers {
  readonly #record: (entry: WatchEntry) => void;
  readonly #watching = new Map<HubViewer, Watcher>();
  readonly #causes = new WeakMap<HubViewer, string>();
  /** The newest last. A ticket is spent, or a session looked at, before its stream is open: it may end in between. */
  readonly #ends = new Map<string, SessionEnd>();

  constructor(record: (entry: WatchEntry) => void) {
    this.#record = record;
  }

  get size(): number {
    return this.#watching.size;
  }

  /** Opens a viewer on behalf of somebody. */
  watch(
    { actor, camera, over, from, speed = 1 }: Watch,
    open: (onEnd: (viewer: HubViewer, reason: ViewerEnd) => void) => HubViewer,
  ): HubViewer {
    const since = performance.now();
    const row = { actor, object: `camera/${camera}`, result: 'ok', watch: randomUUIDv7() } as const;
    const { incident } = actor;
    const how = { over, ...(incident !== undefined && { incident }), ...(from && { from: from.toISOString() }) };
    const viewer = open((ended, reason) => {
      this.#watching.delete(ended);
      const ms = performance.now() - since;
      const seen = { ...how, ...(from && { to: new Date(from.getTime() + ms * speed).toISOString() }) };
      const why = this.#causes.get(ended) ?? reason;
      const details = { ...seen, seconds: Math.round(ms / 1_000), reason: why, dropped: ended.dropped };
      this.#record({ ...row, action: 'watch.stop', details });
    });
    if (viewer.ended === undefined) this.#watching.set(viewer, actor);
    this.#record({ ...row, action: 'watch.start', details: how });
    const gone = actor.session === undefined ? undefined : this.#ends.get(actor.session);
    // Whoever asked has yet to join it to its connection.
    if (gone) queueMicrotask(() => this.end(gone));
    return viewer;
  }

  /** Cuts the viewers of a session; those whose session is not known, by account. */
  end(ended: SessionEnd): void {
    const { session, account, reason } = ended;
    this.#remember(ended);
    for (const [viewer, actor] of this.#watching) {
      const theirs = actor.session === undefined ? actor.id === account : actor.session === session;
      if (!theirs) continue;
      if (reason !== undefined) this.#causes.set(viewer, reason);
      viewer.close('revoked');
    }
  }

  #remember(ended: SessionEnd): void {
    this.#ends.set(ended.session, ended);
    for (const oldest of this.#ends.keys()) {
      if (this.#ends.size <= mostEnds) return;
      this.#ends.delete(oldest);
    }
  }

  close(): void {
    for (const viewer of this.#watching.keys()) viewer.close('closed');
  }
}
