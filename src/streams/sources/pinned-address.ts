import { lookup } from 'node:dns/promises';
import { StreamFailure } from '../stream-failure.ts';
import type { AddressPolicy } from './address-policy.ts';

const lookupTimeoutMs = 5_000;

/**
 * The one address a host is dialled at for a whole attempt: resolved once, so that a name cannot lead elsewhere later (DNS
 * rebinding). Throws StreamFailure `dns`, or `refused` when it may not be dialled.
 */
export async function pinAddress(host: string, policy: AddressPolicy): Promise<string> {
  const addresses = await resolve(host.replace(/^\[|\]$/g, ''));
  const allowed = addresses.find((address) => policy.allows(address));
  if (allowed !== undefined) return allowed;
  throw new StreamFailure(
    'refused',
    'The address of this source is not in video.sources.allow of tianliang.yaml; it is not dialled.',
  );
}

/** Also turns 2130706433, 0x7f.1 and the like into the address that the system would dial. */
async function resolve(host: string): Promise<string[]> {
  const late = AbortSignal.timeout(lookupTimeoutMs);
  const { promise, reject } = Promise.withResolvers<never>();
  late.addEventListener('abort', () => reject(late.reason), { once: true });
  try {
    const found = await Promise.race([lookup(host, { all: true }), promise]);
    return found.map(({ address }) => address);
  } catch (cause) {
    throw new StreamFailure('dns', "The source's host name cannot be resolved.", { cause });
  }
}
