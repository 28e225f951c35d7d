import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isCleanId } from '../mqtt-text.ts';

export interface DeviceCredential {
  readonly id: string;
  readonly password: string;
}

/** Who may connect: kept as keyed hashes, compared in constant time, an unknown name costing what a known one does. */
export class DeviceCredentials {
  readonly #key = randomBytes(32);
  readonly #nobody = randomBytes(32);
  #hashes: ReadonlyMap<string, Buffer>;

  constructor(devices: readonly DeviceCredential[]) {
    this.#hashes = this.#hashAll(devices);
  }

  /** Answers the devices that are gone or whose password is another. */
  replace(devices: readonly DeviceCredential[]): string[] {
    const before = this.#hashes;
    this.#hashes = this.#hashAll(devices);
    return [...before].filter(([id, hash]) => !this.#hashes.get(id)?.equals(hash)).map(([id]) => id);
  }

  has(id: string): boolean {
    return this.#hashes.has(id);
  }

  check(id: string, password: Uint8Array): boolean {
    const expected = this.#hashes.get(id);
    return timingSafeEqual(expected ?? this.#nobody, this.#hash(password)) && expected !== undefined;
  }

  /**
   * A client id belongs to the device with the longest id it is, or starts with before `:` or `-`: with devices `ws` and
   * `ws-1`, the session `ws-1` is not `ws`'s to take over.
   */
  ownerOf(clientId: string): string | undefined {
    if (!isCleanId(clientId)) return undefined;
    for (let end = clientId.length; end > 0; end -= 1) {
      const atBorder = end === clientId.length || clientId[end] === ':' || clientId[end] === '-';
      const candidate = clientId.slice(0, end);
      if (atBorder && this.#hashes.has(candidate)) return candidate;
    }
    return undefined;
  }

  #hashAll(devices: readonly DeviceCredential[]): ReadonlyMap<string, Buffer> {
    return new Map(devices.map(({ id, password }) => [id, this.#hash(Buffer.from(password))]));
  }

  #hash(password: Uint8Array): Buffer {
    return createHmac('sha256', this.#key).update(password).digest();
  }
}
