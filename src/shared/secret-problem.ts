import { isGuessable } from './guessable.ts';

/** What stands in examples until somebody puts a secret in its place. */
const example =
  /change.?(?:me|this|it)|example|placeholder|your.{0,4}(?:secret|password|token|key)|replace.?(?:me|this)|^<.*>$|^(?:todo|xxx)/i;

export const isExampleSecret = (secret: string): boolean => example.test(secret);

/** What is wrong with a secret that opens something of ours, or undefined. Says the rule, never the secret (T34). */
export function secretProblem(secret: string, shortest: number): string | undefined {
  if ([...secret].length < shortest) return `expected ${shortest} characters or more`;
  if (isExampleSecret(secret)) return 'expected a secret of its own, and none of an example';
  return isGuessable(secret) ? 'expected a secret that is not among the first that are guessed' : undefined;
}
