/** What others say, without what they were told in confidence: as it is, and as headers write it (T36). */
export function withoutSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  const spelt = secrets.flatMap((secret = '') => [secret, Buffer.from(secret).toString('base64')]);
  return spelt.reduce((left, secret) => (secret === '' ? left : left.replaceAll(secret, '…')), text);
}
