import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const periodSeconds = 30;
/** A phone's clock may be one step off (RFC 6238 §5.2). */
const stepsOff = 1;
const recoveryCodes = 10;

/** What authenticator apps understand without being asked: SHA-1, six digits, half a minute. */
const totpOf = (secret: string, label = '') =>
  new TOTP({ issuer: 'Tianliang', label, secret: Secret.fromBase32(secret), period: periodSeconds, digits: 6 });

/** 160 random bits in base32 (RFC 4226 §4 R6). */
export const newSecret = (): string => new Secret({ size: 20 }).base32;

/** For the QR code. */
export const otpauthUri = (secret: string, account: string): string => totpOf(secret, account).toString();

/** The time step that the code belongs to, or undefined when it is of none near `now`. */
export function stepOfCode(secret: string, code: string, now: Date): number | undefined {
  const timestamp = now.getTime();
  const delta = totpOf(secret).validate({ token: code, timestamp, window: stepsOff });
  return delta === null ? undefined : Math.floor(timestamp / 1_000 / periodSeconds) + delta;
}

/** 50 bits each, in letters that nobody mixes up. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodes }, () => {
    const letters = new Secret({ buffer: new Uint8Array(randomBytes(7)).buffer }).base32.slice(0, 10).toLowerCase();
    return `${letters.slice(0, 5)}-${letters.slice(5)}`;
  });
}

/** However it was typed. They are random: no slow hash is needed. */
export function recoveryHash(code: string): string {
  const plain = code.toLowerCase().replaceAll(/[^a-z2-7]/g, '');
  return createHash('sha256').update(plain).digest('hex');
}
