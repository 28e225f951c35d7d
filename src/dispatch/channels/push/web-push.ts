import { randomUUIDv7 } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { Actor } from '../../../shared/actor.ts';
import type { Backoff } from '../../../shared/backoff.ts';
import type { Log } from '../../../shared/log.ts';
import { appendLedger } from '../../../store/ledger-repository.ts';
import {
  addLetters,
  pushReaders,
  putSubscription,
  removeSubscriptionOf,
  removeSubscriptionsOfDisabled,
  withdrawLetters,
} from '../../../store/push-repository.ts';
import type { Store } from '../../../store/store.ts';
import type { PushConfig } from '../config.ts';
import type { Notice } from '../notice.ts';
import type { ReceiverClient } from '../receiver-client.ts';
import { PushKeysError, PushServiceError } from './push-errors.ts';
import { concerns, lettersOf } from './push-letter.ts';
import { PushRounds } from './push-rounds.ts';
import { canBeSealed, isListedService, PushService } from './push-service.ts';
import { type VapidKeys, vapidKeys } from './vapid-keys.ts';

/** A subscription as a browser gives it (Push API §8). */
export const Subscription = Type.Object(
  {
    endpoint: Type.String({ pattern: '^https://[^\\s@]+$', maxLength: 1_000 }),
    expirationTime: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
    keys: Type.Object(
      {
        p256dh: Type.String({ pattern: '^[A-Za-z0-9_-]{87}=?$' }),
        auth: Type.String({ pattern: '^[A-Za-z0-9_-]{22}={0,2}$' }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type Subscription = Readonly<Static<typeof Subscription>>;

export interface WebPushOptions {
  readonly config: PushConfig;
  readonly store: Store;
  /** Where the keys lie. */
  readonly keysFile: string;
  readonly client: Pick<ReceiverClient, 'post'>;
  readonly backoff: Backoff;
  readonly log: Log;
}

/** A person has so many browsers at most; the oldest gives way. */
const mostOfAccount = 10;
/** Nobody reads more of what came while a telephone could not be reached. */
const mostLetters = 50;

/** Tells the browsers of our accounts: each what concerns it, once, until its push service has it. */
export class WebPush {
  readonly #options: WebPushOptions;
  readonly #rounds: PushRounds;
  #keys: Promise<VapidKeys> | undefined;
  #dropped = 0;

  constructor(options: WebPushOptions) {
    this.#options = options;
    const { store, log, backoff } = options;
    this.#rounds = new PushRounds({ store, log, backoff, service: () => this.#service() });
  }

  start(): void {
    this.#rounds.start();
  }

  counts(): Readonly<Record<'sent' | 'failed' | 'ended' | 'dropped', number>> {
    return { ...this.#rounds.counts, dropped: this.#dropped };
  }

  /** The public key that a browser subscribes with. */
  async key(): Promise<string> {
    return (await this.#known()).publicKey;
  }

  /** Fails with `PUSH_SERVICE_UNKNOWN` or `PUSH_KEYS_REFUSED`. */
  async subscribe({ endpoint, keys }: Subscription, actor: Actor): Promise<void> {
    const { config, store } = this.#options;
    const url = URL.parse(endpoint);
    if (!url || !isListedService(url, config.services)) throw new PushServiceError();
    if (!canBeSealed(keys)) throw new PushKeysError();
    const subscription = { id: randomUUIDv7(), account: actor.id, endpoint: url.href, ...keys };
    await store.transaction(async (tx) => {
      await putSubscription(tx, { ...subscription, createdAt: new Date().toISOString() }, mostOfAccount);
      const details = { service: url.host };
      await appendLedger(tx, { actor, action: 'push.subscribe', object: subscription.id, result: 'ok', details });
    });
  }

  /** One that the account does not have is as good as ended. */
  async unsubscribe(endpoint: string, actor: Actor): Promise<void> {
    const href = URL.parse(endpoint)?.href ?? endpoint;
    await this.#options.store.transaction(async (tx) => {
      if (!(await removeSubscriptionOf(tx, actor, href))) return;
      await appendLedger(tx, { actor, action: 'push.unsubscribe', result: 'ok' });
    });
  }

  /** Resolves once everybody's letter is on disk; told again it writes nothing new. */
  async take(notice: Notice): Promise<void> {
    const { store } = this.#options;
    const { write, withdraw } = lettersOf(notice);
    if (write.length === 0 && withdraw.length === 0) return;
    this.#dropped += await store.transaction(async (tx) => {
      await removeSubscriptionsOfDisabled(tx);
      await withdrawLetters(tx, withdraw);
      const readers = write.length === 0 ? [] : await pushReaders(tx);
      const letters = write.flatMap((addressed) => {
        const { tag } = addressed.letter;
        const letter = JSON.stringify(addressed.letter);
        return readers
          .filter((reader) => concerns(addressed, reader))
          .map(({ subscription }) => ({ subscription, tag, letter }));
      });
      return await addLetters(tx, letters, { at: new Date(), most: mostLetters });
    });
    this.#rounds.wake();
  }

  async close(): Promise<void> {
    await this.#rounds.close();
  }

  async #service(): Promise<PushService> {
    const { config, client } = this.#options;
    return new PushService({ config, client, keys: await this.#known() });
  }

  /** Read when somebody subscribes first: who never does has no keys. */
  async #known(): Promise<VapidKeys> {
    this.#keys ??= vapidKeys(this.#options.keysFile);
    this.#keys.catch(() => {
      this.#keys = undefined;
    });
    return await this.#keys;
  }
}
