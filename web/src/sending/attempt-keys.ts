import { commandKey } from '../api/command-key.ts';

/** The same attempt keeps its key until the server has answered it: sent again, it is done once. */
export class AttemptKeys {
  #current: { readonly about: string; readonly key: string } | undefined;

  of(about: string): string {
    if (this.#current?.about !== about) this.#current = { about, key: commandKey() };
    return this.#current.key;
  }

  answered(): void {
    this.#current = undefined;
  }
}
