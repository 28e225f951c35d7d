import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** A device registered by name speaks of itself by address: both are one host when the name resolves to the address. */
export async function sameHost(registered: string, claimed: string): Promise<boolean> {
  if (registered.toLowerCase() === claimed.toLowerCase()) return true;
  const address = claimed.replace(/^\[|\]$/g, '');
  if (isIP(registered.replace(/^\[|\]$/g, '')) !== 0 || isIP(address) === 0) return false;
  const addresses = await lookup(registered, { all: true }).catch(() => []);
  return addresses.some((resolved) => resolved.address === address);
}
