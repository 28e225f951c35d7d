import type { Actor } from '../../shared/actor.ts';
import { momentsOf } from '../../store/events-repository.ts';
import type { Store } from '../../store/store.ts';
import { largestPage } from '../alert-query.ts';
import type { AlertDesk } from '../desk.ts';
import { atomXml } from './atom-xml.ts';
import { capXml } from './cap-xml.ts';
import type { FeedsConfig } from './config.ts';

export interface AlertFeedOptions {
  readonly config: FeedsConfig;
  readonly desk: Pick<AlertDesk, 'list' | 'get'>;
  readonly store: Store;
}

/** Who reads the index seldom still hears that an alert is over. */
const closedMs = 3_600_000;
const mostClosed = 200;
/** Earlier messages that one names at most: the newest ones. */
const mostMessages = 100;

/** Alerts as CAP 1.2, for programs elsewhere: each sees those of its areas. */
export class AlertFeed {
  readonly #options: AlertFeedOptions;

  constructor(options: AlertFeedOptions) {
    this.#options = options;
  }

  /** What is open, and what was closed within the hour, newest first. */
  async index(actor: Actor, now = new Date()): Promise<string> {
    const { desk, config } = this.#options;
    const open = await desk.list({ state: ['raised', 'acknowledged'], limit: largestPage }, actor);
    const closed = await desk.list({ state: ['confirmed', 'dismissed'], limit: mostClosed }, actor);
    const since = new Date(now.getTime() - closedMs).toISOString();
    const lately = closed.items.filter(({ closedBy }) => closedBy !== undefined && closedBy.at >= since);
    return atomXml(
      [...open.items, ...lately].toSorted((a, b) => b.seq - a.seq),
      config,
    );
  }

  /** Fails with `ALERT_NOT_FOUND`. */
  async document(id: string, actor: Actor): Promise<string> {
    const { desk, store, config } = this.#options;
    const alert = await desk.get(id, actor);
    const known = await momentsOf(store.db, { topic: 'alerts', subject: id, limit: mostMessages });
    const messages = known.filter(({ seq }) => seq <= alert.seq);
    return capXml(alert, { sender: config.sender, messages });
  }
}
