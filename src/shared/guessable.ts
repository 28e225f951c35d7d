import { commonPasswords } from './common-passwords.ts';

/** Among the first that are guessed, however long it is. */
export function isGuessable(secret: string): boolean {
  return isMonotonous(secret) || isCommon(secret);
}

/** One password repeated, or a run like `1234567890123`: long, yet among the first a guesser tries. */
function isMonotonous(password: string): boolean {
  if (/^(.{1,4})\1+.{0,3}$/su.test(password)) return true;
  const codes = [...password].map((character) => character.codePointAt(0) ?? 0);
  // From 9 a run goes on at 0.
  const steps = new Set(codes.slice(1).map((code, i) => (code - (codes[i] ?? 0) + 10) % 10));
  return steps.size === 1;
}

function isCommon(password: string): boolean {
  const word = password
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return commonPasswords.has(word) || commonPasswords.has(word.replace(/\d+$/, ''));
}
