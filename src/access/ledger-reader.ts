import type { Actor } from '../shared/actor.ts';
import { appendLedger, type LedgerRow, ledgerPage } from '../store/ledger-repository.ts';
import type { Store } from '../store/store.ts';
import type { InstallationKeys } from './keys/installation-keys.ts';
import { verifyWithHeads, type WholeVerdict } from './ledger/verify-with-heads.ts';

export interface LedgerQuery {
  /** The id of the last row already seen. */
  readonly cursor?: number;
  readonly limit: number;
  readonly actor?: string;
  readonly action?: string;
}

/** What of the ledger is written down outside of the database. */
export interface LedgerAnchor {
  readonly headsPath: string | undefined;
  readonly keys: Pick<InstallationKeys, 'verifying'>;
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
  address,
}: LedgerRow) => ({
  ...{ id, at, actor, role, action, result, hash, previousHash },
  ...(object !== null && { object }),
  ...(address !== null && { address }),
  ...(details !== null && { details: JSON.parse(details) as unknown }),
});

/** Reads the ledger for somebody; that they did is a row too, written before they see anything. */
export class LedgerReader {
  readonly #store: Store;
  readonly #anchor: LedgerAnchor;

  constructor(store: Store, anchor: LedgerAnchor) {
    this.#store = store;
    this.#anchor = anchor;
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

  async verify(reader: Actor): Promise<WholeVerdict> {
    await this.#record(reader, 'ledger.verify', undefined);
    const { headsPath, keys } = this.#anchor;
    return await verifyWithHeads(this.#store.db, headsPath, keys.verifying);
  }

  async #record(actor: Actor, action: string, details: object | undefined): Promise<void> {
    const entry = { actor, action, result: 'ok', ...(details && { details }) } as const;
    await this.#store.transaction((tx) => appendLedger(tx, entry));
  }
}
