import { randomUUIDv7 } from 'node:crypto';
import type { Actor } from '../../shared/actor.ts';
import type { BeginDeed, Deed, DeedEnd } from '../../shared/deed.ts';
import type { Log } from '../../shared/log.ts';
import { type DeedsTable, deedsLeft, deleteDeed, insertDeed } from '../../store/deeds-repository.ts';
import { appendLedger, type LedgerEntry, tryLedger } from '../../store/ledger-repository.ts';
import type { Store, Tx } from '../../store/store.ts';
import { OwedRows } from './owed-rows.ts';

export interface DeedsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly retryMs?: number | undefined;
}

/**
 * What no transaction can take back: a camera that turns, footage that leaves. A row written before it cannot know how it
 * ends, one written after it may come too late to refuse it, and two rows are not one. So its beginning is put down beside
 * the ledger, in a transaction that first tries to append the row and takes it back; the row itself is written once, with
 * the end. Whatever a crash leaves without an end gets its row, `unknown`, at the next start.
 */
export class Deeds {
  readonly #store: Store;
  readonly #owed: OwedRows;
  readonly #run = randomUUIDv7();

  constructor(options: DeedsOptions) {
    this.#store = options.store;
    this.#owed = new OwedRows(options);
  }

  start(): void {
    void this.#owed.write(async (tx) => {
      for (const left of await deedsLeft(tx, this.#run))
        await end(tx, left, { result: 'unknown', details: { reason: 'crashed' } });
    });
  }

  readonly begin: BeginDeed = async (...deeds) => {
    const begun_at = new Date().toISOString();
    const begun = deeds.map((deed) => ({ id: randomUUIDv7(), run: this.#run, begun_at, deed: lineOf(deed) }));
    await this.#store.transaction(async (tx) => {
      await tryLedger(
        tx,
        deeds.map((deed) => ({ ...deed, result: 'ok' })),
      );
      for (const one of begun) await insertDeed(tx, one);
    });
    return (how) =>
      this.#owed.write(async (tx) => {
        for (const one of begun) await end(tx, one, how);
      });
  };

  /** Safe to call twice. */
  async close(): Promise<void> {
    await this.#owed.close();
  }
}

/** Of who does it only what a row says: a session is nothing to put down. */
function lineOf({ actor: { id, name, role, areas, address }, ...deed }: Deed): string {
  const actor: Actor = { id, name, role, areas, ...(address !== undefined && { address }) };
  return JSON.stringify({ ...deed, actor });
}

type End = DeedEnd | Pick<LedgerEntry, 'result' | 'details'>;

/** The one row of a deed; nothing when it has it already. */
async function end(tx: Tx, { id, begun_at: begunAt, deed }: DeedsTable, { result, details }: End): Promise<void> {
  if (!(await deleteDeed(tx, id))) return;
  const begun: Deed = JSON.parse(deed);
  await appendLedger(tx, { ...begun, result, details: { ...begun.details, ...details, begunAt } });
}
