import type { SeatAccount } from './seats.ts';

/** Whose turn it is: nobody is asked again before the others were. After a restart all are alike. */
export class LastAsked {
  readonly #turns = new Map<string, number>();
  #turn = 0;

  /** The one that was asked the longest time ago first, those never asked before all others; ties by name. */
  inTurn(seats: readonly SeatAccount[]): SeatAccount[] {
    const turnOf = ({ id }: SeatAccount) => this.#turns.get(id) ?? 0;
    return seats.toSorted((a, b) => turnOf(a) - turnOf(b) || (a.name < b.name ? -1 : 1));
  }

  asked(id: string): void {
    this.#turn += 1;
    this.#turns.set(id, this.#turn);
  }
}
