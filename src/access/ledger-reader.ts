import type { Actor } from '../shared/actor.ts';
import { perform } from '../shared/deed.ts';
import { appendLedger, type LedgerRow, ledgerPage } from '../store/ledger-repository.ts';
import type { Store } from '../store/store.ts';
import type { InstallationKeys } from './keys/installation-keys.ts';
import type { Deeds } from './ledger/deeds.ts';
import { verifyWithHeads, type WholeVerdict } from './ledger/verify-with-heads.ts';

export interface LedgerQuery {
  /** The id of the last row already seen. */
  readonly cursor?: number;
  readonly limit: number;
  readonly actor?: string;
  readonly action?: string;
}

/** What of the ledger is written down outside of the database, and who tells that somebody looked. */
export interface LedgerAnchor {
  readonly headsPath: string | undefined;
  readonly keys: Pick<InstallationKeys, 'verifying'>;
  readonly deeds: Pick<Deeds, 'begin'>;
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

/** Reads the ledger for somebody; that they did is a row too, or they see nothing. */
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
    const rows = await this.#store.transaction(async (tx) => {
      await appendLedger(tx, { actor: reader, action: 'ledger.read', result: 'ok', details: { ...query, cursor } });
      return await ledgerPage(tx, { ...query, ...(cursor !== undefined && { before: cursor }) });
    });
    const last = rows.length === query.limit ? rows.at(-1) : undefined;
    return { items: rows.map(shown), ...(last && { next: String(last.id) }) };
  }

  async verify(reader: Actor): Promise<WholeVerdict> {
    const { headsPath, keys, deeds } = this.#anchor;
    const begun = deeds.begin({ actor: reader, action: 'ledger.verify' });
    return await perform(begun, () => verifyWithHeads(this.#store.db, headsPath, keys.verifying));
  }
}
