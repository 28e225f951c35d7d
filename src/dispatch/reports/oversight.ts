import { type Static, Type } from 'typebox';
import { type Actor, systemActor } from '../../shared/actor.ts';
import { appendLedger } from '../../store/ledger-repository.ts';
import { idleWatches, oversightDeeds } from '../../store/oversight-repository.ts';
import type { Store } from '../../store/store.ts';
import type { Reports } from './reports.ts';

/** What accounts did in a week that somebody should ask them about. */
export const Oversight = Type.Object({
  week: Type.String(),
  from: Type.String(),
  to: Type.String(),
  accounts: Type.Array(
    Type.Object({
      account: Type.String(),
      role: Type.String(),
      exports: Type.Integer(),
      denials: Type.Integer(),
      breakGlass: Type.Integer(),
      roleChanges: Type.Integer(),
    }),
  ),
  /** Cameras that somebody watched without an incident, the longest watched first. */
  watched: Type.Array(
    Type.Object({ account: Type.String(), camera: Type.String(), times: Type.Integer(), seconds: Type.Integer() }),
  ),
});
export type Oversight = Static<typeof Oversight>;

const mostAccounts = 2_000;
const mostWatches = 5_000;

/** Watches those who watch, from the ledger; that somebody looked at it is a row of it too. */
export class OversightReports {
  readonly #store: Store;
  readonly #reports: Pick<Reports, 'weekOf'>;

  constructor(store: Store, reports: Pick<Reports, 'weekOf'>) {
    this.#store = store;
    this.#reports = reports;
  }

  /** Of this week unless told. Fails with `REPORT_PERIOD`. */
  async weekly(asked: string | undefined, actor: Actor): Promise<Oversight> {
    const { week, span } = this.#reports.weekOf(asked);
    const [deeds, watched] = await this.#store.transaction(async (tx) => {
      await appendLedger(tx, { actor, action: 'report.oversight', object: week, result: 'ok' });
      return [await oversightDeeds(tx, span, mostAccounts), await idleWatches(tx, span, mostWatches)];
    });
    return {
      ...{ week, from: span.from.toISOString(), to: span.to.toISOString() },
      accounts: deeds
        .filter((one) => one.actor !== systemActor.name || one.role !== systemActor.role)
        .map(({ actor: account, ...deed }) => ({ account, ...deed })),
      watched: watched.map(({ actor: account, ...watch }) => ({ account, ...watch })),
    };
  }
}
