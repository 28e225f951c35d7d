import type { Actor } from '../../shared/actor.ts';
import type { HubViewer, ViewerEnd } from '../hub/hub-viewer.ts';

/** A row for the ledger: who watched which camera, and how it ended. */
export interface WatchEntry {
  readonly actor: Actor;
  readonly action: 'watch.start' | 'watch.stop';
  readonly object: string;
  readonly result: 'ok';
  readonly details: object;
}

/** A session that is over; its viewers are cut. */
export interface SessionEnd {
  readonly session: string;
  readonly account: string;
}

/** An actor may know the session it stands for. */
export type Watcher = Actor & { readonly session?: string };

/** What somebody is about to watch; the details go into the ledger. */
export interface Watch {
  readonly actor: Watcher;
  readonly camera: string;
  readonly over: string;
  /** Of a recording: from when on. */
  readonly from?: Date;
}

/** Who watches what right now: tells the ledger of it, and cuts those who may no longer. */
export class Watchers {
  readonly #record: (entry: WatchEntry) => void;
  readonly #watching = new Map<HubViewer, Watcher>();

  constructor(record: (entry: WatchEntry) => void) {
    this.#record = record;
  }

  get size(): number {
    return this.#watching.size;
  }

  /** Opens a viewer on behalf of somebody. */
  watch(
    { actor, camera, over, from }: Watch,
    open: (onEnd: (viewer: HubViewer, reason: ViewerEnd) => void) => HubViewer,
  ): HubViewer {
    const since = performance.now();
    const row = { actor, object: `camera/${camera}`, result: 'ok' } as const;
    const how = { over, ...(from && { from: from.toISOString() }) };
    const viewer = open((ended, reason) => {
      this.#watching.delete(ended);
      const seconds = Math.round((performance.now() - since) / 1_000);
      this.#record({ ...row, action: 'watch.stop', details: { ...how, seconds, reason, dropped: ended.dropped } });
    });
    if (viewer.ended === undefined) this.#watching.set(viewer, actor);
    this.#record({ ...row, action: 'watch.start', details: how });
    return viewer;
  }

  /** Cuts the viewers of a session; those whose session is not known, by account. */
  end({ session, account }: SessionEnd): void {
    for (const [viewer, actor] of this.#watching) {
      const theirs = actor.session === undefined ? actor.id === account : actor.session === session;
      if (theirs) viewer.close('revoked');
    }
  }

  close(): void {
    for (const viewer of this.#watching.keys()) viewer.close('closed');
  }
}
