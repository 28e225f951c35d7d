import { lookup } from 'node:dns/promises';
import type { AddressPolicy } from './address-policy.ts';
import { AppError } from './app-error.ts';

const lookupTimeoutMs = 5_000;

/** A host that cannot be dialled: nobody knows its name, or it leads where nobody may go. */
export class AddressError extends AppError {
  readonly code = 'ADDRESS';
  readonly reason: 'unknown' | 'refused';

  constructor(reason: 'unknown' | 'refused', options?: ErrorOptions) {
    super(reason === 'unknown' ? 'its host name cannot be resolved' : 'its address is not allowed', options);
    this.reason = reason;
  }
}

/**
 * The one address a host is dialled at for a whole attempt: resolved once, so that a name cannot lead elsewhere later (DNS
 * rebinding). Throws AddressError.
 */
export async function pinAddress(host: string, policy: Pick<AddressPolicy, 'allows'>): Promise<string> {
  const addresses = await resolve(host.replace(/^\[|\]$/g, ''));
  const allowed = addresses.find((address) => policy.allows(address));
  if (allowed === undefined) throw new AddressError('refused');
  return allowed;
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
    throw new AddressError('unknown', { cause });
  }
}
