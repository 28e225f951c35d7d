import type { AddressPolicy } from '../../shared/address-policy.ts';
import { AddressError, pinAddress } from '../../shared/pinned-address.ts';
import { StreamFailure } from '../stream-failure.ts';

/** The one address a source is dialled at for a whole attempt. Throws StreamFailure `dns`, or `refused` when it may not be dialled. */
export async function pinSource(host: string, policy: AddressPolicy): Promise<string> {
  try {
    return await pinAddress(host, policy);
  } catch (cause) {
    if (cause instanceof AddressError && cause.reason === 'unknown')
      throw new StreamFailure('dns', "The source's host name cannot be resolved.", { cause });
    const sentence = 'The address of this source is not in video.sources.allow of tianliang.yaml; it is not dialled.';
    throw new StreamFailure('refused', sentence, { cause });
  }
}
