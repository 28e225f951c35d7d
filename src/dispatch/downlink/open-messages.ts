import { isOpen } from './message-state.ts';
import type { UnitMessage } from './unit-message.ts';

/** What is not settled, of each unit in the order it was written; rebuilt from the disk at start. */
export class OpenMessages {
  readonly #ofUnit = new Map<string, Map<string, UnitMessage>>();
  readonly #counted: (unit: string, open: number) => void;

  /** Is told how many a unit has, whenever that may have changed. */
  constructor(counted: (unit: string, open: number) => void) {
    this.#counted = counted;
  }

  get size(): number {
    return [...this.#ofUnit.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** The newest state of a message, as the disk has it. */
  know(message: UnitMessage): void {
    const { id, unit } = message;
    const open = this.#ofUnit.get(unit) ?? new Map<string, UnitMessage>();
    if (isOpen(message)) open.set(id, message);
    else open.delete(id);
    if (open.size > 0) this.#ofUnit.set(unit, open);
    else this.#ofUnit.delete(unit);
    this.#counted(unit, open.size);
  }

  units(): string[] {
    return [...this.#ofUnit.keys()];
  }

  /** Oldest first. */
  of(unit: string): UnitMessage[] {
    return [...(this.#ofUnit.get(unit)?.values() ?? [])];
  }

  expiredAt(now: Date): UnitMessage[] {
    return this.units()
      .flatMap((unit) => this.of(unit))
      .filter(({ expiresAt }) => new Date(expiresAt) <= now);
  }
}
