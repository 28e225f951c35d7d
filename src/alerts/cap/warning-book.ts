import { isDeepStrictEqual } from 'node:util';
import { nextWarning, type PlacedMessage, replacedWarning, type Warning } from './warning.ts';

/** More than any country has at a time; what concerns nobody here is forgotten first. */
const mostWarnings = 4_096;

/** All warnings that are known, each found by the name of any of its messages. */
export class WarningBook {
  readonly #limit: number;
  readonly #warnings = new Map<string, Warning>();
  readonly #warningOf = new Map<string, string>();

  constructor(limit = mostWarnings) {
    this.#limit = limit;
  }

  list(): Warning[] {
    return [...this.#warnings.values()];
  }

  has({ id }: Warning): boolean {
    return this.#warnings.has(id);
  }

  /** A warning of the time before the start. */
  restore(warning: Warning): void {
    this.#keep(warning);
  }

  /** Enters a message: it begins a warning, or goes on with the one its references name. Twice is the same as once. */
  take(message: PlacedMessage): void {
    const named = [message.id, ...message.references].flatMap((name) => this.#warningOf.get(name) ?? []);
    const [own = message.references[0] ?? message.id, ...others] = new Set(named);
    const before = this.#warnings.get(own);
    const after = nextWarning(before, own, message);
    if (!isDeepStrictEqual(before, after)) this.#keep(after);
    for (const other of others) this.#replace(other, own, message);
  }

  forget({ id, messages }: Warning): void {
    this.#warnings.delete(id);
    for (const name of messages) if (this.#warningOf.get(name) === id) this.#warningOf.delete(name);
  }

  /** One message may go on with several warnings: the first of them stays, and is what all their names mean. */
  #replace(id: string, own: string, message: PlacedMessage): void {
    const warning = this.#warnings.get(id);
    if (!warning) return;
    for (const name of warning.messages) this.#warningOf.set(name, own);
    this.#keep(replacedWarning(warning, message));
  }

  #keep(warning: Warning): void {
    this.#warnings.set(warning.id, warning);
    for (const name of warning.messages) if (!this.#warningOf.has(name)) this.#warningOf.set(name, warning.id);
    if (this.#warnings.size > this.#limit) this.#makeRoom();
  }

  #makeRoom(): void {
    const [oldest] = this.#warnings.values();
    const leaving = this.list().find(({ notices }) => notices.length === 0) ?? oldest;
    if (leaving) this.forget(leaving);
  }
}
