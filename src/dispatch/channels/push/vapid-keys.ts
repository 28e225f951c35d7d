import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import webPush from 'web-push';
import { AppError } from '../../../shared/app-error.ts';
import { readOrMakePrivate } from '../../../shared/private-file.ts';

const Key = Type.String({ pattern: '^[A-Za-z0-9_-]{40,100}$' });
const VapidKeys = Type.Object({ publicKey: Key, privateKey: Key });

/** By what push services know that it is we who speak (RFC 8292). */
export type VapidKeys = Readonly<Static<typeof VapidKeys>>;

export class VapidKeysError extends AppError {
  readonly code = 'PUSH_KEYS_INVALID';

  constructor(path: string) {
    super(`${path} holds no push keys; remove it, and every browser has to subscribe anew`);
  }
}

/** Made once: browsers that have subscribed know the public one. Fails with `PUSH_KEYS_INVALID`, `WEAK_KEY`. */
export async function vapidKeys(path: string): Promise<VapidKeys> {
  const keys = parsed(await readOrMakePrivate(path, () => JSON.stringify(webPush.generateVAPIDKeys())));
  if (!Value.Check(VapidKeys, keys)) throw new VapidKeysError(path);
  return keys;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
