/** A key for one command; not randomUUID, which a page without TLS does not have. */
export function commandKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
