import { Gate } from './gate.ts';
import { decoyHash, type HashCost, hashCost, hashPassword, matchesHash, parseHash } from './password-hash.ts';

/** Hashes at most two passwords at once: a flood of logins leaves threads to files and names, and memory to video. */
export class PasswordKeeper {
  readonly #gate = new Gate({ atOnce: 2, waiting: 64 });
  readonly #cost: HashCost;

  constructor(cost: HashCost = hashCost) {
    this.#cost = cost;
  }

  /** A PHC string. Fails with `BusyError` when too many wait. */
  hash(password: string): Promise<string> {
    return this.#gate.run(() => hashPassword(password, this.#cost));
  }

  /** Without a stored hash (nobody has that name) the same work is done and the answer is no. */
  verify(password: string, stored: string | undefined): Promise<boolean> {
    const hash = (stored && parseHash(stored)) || decoyHash(this.#cost);
    return this.#gate.run(() => matchesHash(password, hash));
  }
}
