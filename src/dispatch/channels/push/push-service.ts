import webPush from 'web-push';
import type { DueLetter } from '../../../store/push-repository.ts';
import type { PushConfig } from '../config.ts';
import type { ReceiverClient } from '../receiver-client.ts';
import type { VapidKeys } from './vapid-keys.ts';

/** A phone that was off for longer need not be told any more. */
export const letterTtlSeconds = 3_600;

/** Whether letters can be sealed for it: a key that is no point of the curve cannot. */
export function canBeSealed({ p256dh, auth }: Pick<DueLetter, 'p256dh' | 'auth'>): boolean {
  try {
    webPush.encrypt(p256dh, auth, '?', 'aes128gcm');
    return true;
  } catch {
    return false;
  }
}

/** Whether browsers of that push service are told: https, and one of the listed hosts. */
export function isListedService(url: URL, services: readonly string[]): boolean {
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  return services.some((service) =>
    service.startsWith('*.')
      ? url.host.endsWith(service.slice(1)) && url.host.length >= service.length
      : url.host === service,
  );
}

export interface PushServiceOptions {
  readonly config: Pick<PushConfig, 'subject' | 'services'>;
  readonly keys: VapidKeys;
  readonly client: Pick<ReceiverClient, 'post'>;
}

/** Hands letters to the push service of a browser, sealed so that only the browser can read them (RFC 8291). */
export class PushService {
  readonly #options: PushServiceOptions;

  constructor(options: PushServiceOptions) {
    this.#options = options;
  }

  /** Resolves once the service has it. Throws DeliveryError, or what the keys of the browser are refused with. */
  async send({ letter, endpoint, p256dh, auth }: DueLetter, signal: AbortSignal): Promise<void> {
    const { config, keys, client } = this.#options;
    // By our own client: it asks the one address that the name led to, which the library would not.
    const sealed = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, letter, {
      TTL: letterTtlSeconds,
      urgency: 'high',
      vapidDetails: { subject: config.subject, ...keys },
    });
    const { 'Content-Length': _, ...headers } = sealed.headers;
    const text = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    await client.post({ url: new URL(endpoint), headers: text, body: sealed.body }, signal);
  }
}
