import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import webPush from 'web-push';
import { AppError } from '../../../shared/app-error.ts';

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

/** Made once: browsers that have subscribed know the public one. Nobody but the owner of the file may read it. */
export async function vapidKeys(path: string): Promise<VapidKeys> {
  const known = await read(path);
  if (known) return known;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify(webPush.generateVAPIDKeys()), { mode: 0o600 });
  // Linked, not renamed: keys that somebody has made meanwhile are never replaced.
  await link(draft, path).catch(() => undefined);
  await rm(draft, { force: true });
  const made = await read(path);
  if (!made) throw new VapidKeysError(path);
  return made;
}

async function read(path: string): Promise<VapidKeys | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  await chmod(path, 0o600);
  const keys = parsed(text);
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
