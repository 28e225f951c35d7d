import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may push, as the child is told: the key's SHA-256 in hex, never the key. */
export interface AdmittedPublisher {
  readonly camera: string;
  readonly keyDigest: string;
}

export type Refusal = 'path' | 'key' | 'busy';

/** A push that is going on; `silentMs` is how long nothing came from it. */
export interface RunningPush {
  readonly silentMs: number;
}

/** After so long without a byte a push is dead: a drone that lost its link comes back on another connection. */
const deadAfterMs = 5_000;
const app = 'live';

export function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Decides about one publisher: the camera it may push for, or why not. Takes as long for a wrong key as for a right one. */
export function admit(
  publishers: ReadonlyMap<string, string>,
  asked: { readonly app: unknown; readonly name: unknown; readonly key: unknown },
  running: (camera: string) => RunningPush | undefined,
): { readonly camera: string } | { readonly refused: Refusal } {
  if (asked.app !== app || typeof asked.name !== 'string') return { refused: 'path' };
  const known = publishers.get(asked.name);
  const key = typeof asked.key === 'string' ? asked.key : '';
  const right = timingSafeEqual(Buffer.from(digestOf(key)), Buffer.from(known ?? digestOf('')));
  if (known === undefined || !right) return { refused: 'key' };
  const push = running(asked.name);
  return push && push.silentMs < deadAfterMs ? { refused: 'busy' } : { camera: asked.name };
}
