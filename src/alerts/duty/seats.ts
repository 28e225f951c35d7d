import { SeatNotFoundError } from '../alert-errors.ts';

/** Who can be given an alert, or asked to take one: an account, as the desk has to know it. */
export interface SeatAccount {
  readonly id: string;
  readonly name: string;
  readonly areas: readonly string[] | 'all';
}

/** The accounts, as whoever keeps them lets the desk have them. */
export interface Seats {
  /** One that can take an alert and log in; undefined where there is none of the name. */
  named(name: string): Promise<SeatAccount | undefined>;
  /** Seats whose wall is open now. */
  online(): readonly SeatAccount[];
  /** Those who are asked when no seat took it. */
  supervisors(): Promise<readonly SeatAccount[]>;
}

/** Something without an area is everybody's. */
export function hasArea({ areas }: Pick<SeatAccount, 'areas'>, area: string | undefined): boolean {
  return areas === 'all' || area === undefined || areas.includes(area);
}

/** Fails with `SEAT_NOT_FOUND`. */
export async function seatNamed(seats: Pick<Seats, 'named'>, name: string): Promise<SeatAccount> {
  const seat = await seats.named(name);
  if (!seat) throw new SeatNotFoundError(name);
  return seat;
}
