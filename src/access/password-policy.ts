import { AppError } from '../shared/app-error.ts';
import { isGuessable } from '../shared/guessable.ts';

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

/** What is wrong with it (12 to 128 characters, not among the common ones, not the account's name), or undefined. */
export function passwordProblem(password: string, name: string): string | undefined {
  const length = [...password].length;
  if (length < minimum) return `must have at least ${minimum} characters`;
  if (length > maximum) return `must have at most ${maximum} characters`;
  if (plain(password).replaceAll(plain(name), '').length < 6) return 'must be more than the name of the account';
  if (isGuessable(password)) return 'is among the first that are guessed';
  return undefined;
}

/** Fails with `WeakPasswordError`. */
export function checkPassword(password: string, name: string): void {
  const problem = passwordProblem(password, name);
  if (problem) throw new WeakPasswordError(problem);
}
