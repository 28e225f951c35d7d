import type { Actor } from '../shared/actor.ts';
import {
  appendLedger,
  type LedgerRow,
  type LedgerVerdict,
  ledgerPage,
  verifyLedger,
} from '../store/ledger-repository.ts';
import type { Store } from '../store/store.ts';

export interface LedgerQuery {
  /** The id of the last row already seen. */
  readonly cursor?: number;
  readonly limit: number;
  readonly actor?: string;
  readonly action?: string;
}

const shown = ({
  id,
  at,
  actor,
  role,
  action,
  object,
  result,
  details,
  hash,
  previous_hash: previousHash,
}: LedgerRow) => ({
  ...{ id, at, actor, role, action, result, hash, previousHash },
  ...(object !== null && { object }),
  ...(details !== null && { details: JSON.parse(details) as unknown }),
});

/** Reads the ledger for somebody; that they did is a row too, written before they see anything. */
export class LedgerReader {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async page(
    { cursor, ...query }: LedgerQuery,
    reader: Actor,
  ): Promise<{ items: ReturnType<typeof shown>[]; next?: string }> {
    await this.#record(reader, 'ledger.read', { ...query, cursor });
    const rows = await ledgerPage(this.#store.db, { ...query, ...(cursor !== undefined && { before: cursor }) });
    const last = rows.length === query.limit ? rows.at(-1) : undefined;
    return { items: rows.map(shown), ...(last && { next: String(last.id) }) };
  }

  async verify(reader: Actor): Promise<LedgerVerdict> {
    await this.#record(reader, 'ledger.verify', undefined);
    return await verifyLedger(this.#store.db);
  }

  async #record(actor: Actor, action: string, details: object | undefined): Promise<void> {
    const entry = { actor, action, result: 'ok', ...(details && { details }) } as const;
    await this.#store.transaction((tx) => appendLedger(tx, entry));
  }
}
