import { defaultDeskLimits } from '../../../src/alerts/desk-limits.ts';
import { DutyClock } from '../../../src/alerts/duty/duty-clock.ts';
import type { SeatAccount, Seats } from '../../../src/alerts/duty/seats.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { openDesk, otherSeat, seat, southSeat } from '../alert-fixtures.ts';

export const chief: SeatAccount = { id: 'chief', name: '值班长', areas: 'all' };
const accounts: readonly SeatAccount[] = [seat, otherSeat, southSeat];

export interface DutySetup {
  readonly online?: readonly SeatAccount[];
  readonly supervisors?: readonly SeatAccount[];
  readonly path?: string;
}

/** A desk with its clock, which ticks when it is told to. */
export async function openDuty({ online = [], supervisors = [chief], path }: DutySetup = {}) {
  const world = await openDesk({}, path);
  const seats: Seats = {
    named: async (name) => accounts.find((account) => account.name === name),
    online: () => online,
    supervisors: async () => supervisors,
  };
  const clock = new DutyClock({ ...world, seats, limits: defaultDeskLimits, log: silentLog });
  return { ...world, seats, clock };
}

export const inSeconds = (n: number): Date => new Date(Date.now() + n * 1_000);

/** The ledger's deeds on an object, oldest first. */
export async function deedsOn({ store }: Pick<Awaited<ReturnType<typeof openDuty>>, 'store'>, object: string) {
  const rows = await store.db
    .selectFrom('ledger')
    .select(['actor', 'action'])
    .where('object', '=', object)
    .orderBy('id')
    .execute();
  return rows.map(({ actor, action }) => `${actor} ${action}`);
}
