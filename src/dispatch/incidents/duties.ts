import type { Duty } from '../unit-state.ts';
import type { Assignment } from './assignment.ts';
import { isOpen } from './assignment-state.ts';
import type { Incident } from './incident.ts';

/** What binds each unit now, for the board to show; rebuilt from the disk at start. */
export class Duties {
  readonly #byUnit = new Map<string, string>();
  readonly #told: (unit: string, duty: Duty) => void;

  constructor(told: (unit: string, duty: Duty) => void) {
    this.#told = told;
  }

  /** The newest state of an incident, as the disk has it. */
  know({ assignments }: Incident): void {
    for (const assignment of assignments) this.#know(assignment);
  }

  #know(assignment: Assignment): void {
    const { id, unit, state } = assignment;
    if (isOpen(assignment)) {
      this.#byUnit.set(unit, id);
      this.#told(unit, state === 'arrived' ? 'on_scene' : 'en_route');
    } else if (this.#byUnit.get(unit) === id) {
      this.#byUnit.delete(unit);
      this.#told(unit, 'none');
    }
  }
}
