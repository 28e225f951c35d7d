import { AppError } from '../shared/app-error.ts';
import { commonPasswords } from './common-passwords.ts';

/** The password is refused; says the rule, never the password. */
export class WeakPasswordError extends AppError {
  readonly code = 'WEAK_PASSWORD';
  override readonly statusCode = 400;

  constructor(problem: string) {
    super(`the password ${problem}`);
  }
}

const minimum = 12;
const maximum = 128;
const plain = (text: string) => text.normalize('NFKC').toLowerCase();

/** One password repeated, or a run like `1234567890123`: long, yet among the first a guesser tries. */
function isMonotonous(password: string): boolean {
  if (/^(.{1,4})\1+.{0,3}$/su.test(password)) return true;
  const codes = [...password].map((character) => character.codePointAt(0) ?? 0);
  // From 9 a run goes on at 0.
  const steps = new Set(codes.slice(1).map((code, i) => (code - (codes[i] ?? 0) + 10) % 10));
  return steps.size === 1;
}

function isCommon(password: string): boolean {
  const word = plain(password).replace(/[^\p{L}\p{N}]/gu, '');
  return commonPasswords.has(word) || commonPasswords.has(word.replace(/\d+$/, ''));
}

/** What is wrong with it (12 to 128 characters, not among the common ones, not the account's name), or undefined. */
export function passwordProblem(password: string, name: string): string | undefined {
  const length = [...password].length;
  if (length < minimum) return `must have at least ${minimum} characters`;
  if (length > maximum) return `must have at most ${maximum} characters`;
  if (plain(password).replaceAll(plain(name), '').length < 6) return 'must be more than the name of the account';
  if (isMonotonous(password) || isCommon(password)) return 'is among the first that are guessed';
  return undefined;
}

/** Fails with `WeakPasswordError`. */
export function checkPassword(password: string, name: string): void {
  const problem = passwordProblem(password, name);
  if (problem) throw new WeakPasswordError(problem);
}
