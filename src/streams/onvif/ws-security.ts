import { createHash, randomBytes } from 'node:crypto';
import { escapeXml } from '../../shared/xml.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const security = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const utility = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const profile = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0';
const encoding = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';

/** Base64(SHA-1(nonce + created + password)): the password itself never travels (UsernameToken Profile 1.0 §3.1). */
export function passwordDigest(nonce: Buffer, created: string, password: string): string {
  return createHash('sha1').update(nonce).update(created).update(password).digest('base64');
}

/** The Security header of one message; `at` is the time by the device's own clock. */
export function usernameToken({ username, password }: Credentials, at: Date, nonce = randomBytes(16)): string {
  const created = at.toISOString();
  const digest = passwordDigest(nonce, created, password);
  return (
    `<wsse:Security xmlns:wsse="${security}" xmlns:wsu="${utility}" s:mustUnderstand="1"><wsse:UsernameToken>` +
    `<wsse:Username>${escapeXml(username)}</wsse:Username>` +
    `<wsse:Password Type="${profile}#PasswordDigest">${digest}</wsse:Password>` +
    `<wsse:Nonce EncodingType="${encoding}">${nonce.toString('base64')}</wsse:Nonce>` +
    `<wsu:Created>${created}</wsu:Created></wsse:UsernameToken></wsse:Security>`
  );
}
