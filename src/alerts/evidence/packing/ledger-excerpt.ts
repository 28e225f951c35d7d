import { type LedgerRow, ledgerHash, ledgerOf } from '../../../store/ledger-repository.ts';
import type { Queries } from '../../../store/store.ts';

/** The rows of some things, oldest first, and the one that was newest of all: its hash stands for every row before it. */
export interface LedgerExcerpt {
  readonly head: { readonly row: number; readonly hash: string };
  readonly rows: readonly LedgerRow[];
}

/** Of one thing, and of all: an excerpt is read whole by whoever verifies it. */
const mostRows = 2_000;
const mostOfAll = 10_000;

/** Read within the transaction that wrote `head`, a row of the first object. */
export async function ledgerExcerpt(
  db: Queries,
  objects: readonly string[],
  head: { readonly id: number; readonly hash: string },
): Promise<LedgerExcerpt> {
  const rows: LedgerRow[] = [];
  for (const object of objects) if (rows.length < mostOfAll) rows.push(...(await ledgerOf(db, object, mostRows)));
  const sorted = rows.toSorted((a, b) => a.id - b.id);
  return { head: { row: head.id, hash: head.hash }, rows: sorted };
}

/** The first row that was changed, or that is not the next one's; undefined when all fit together. */
export function firstWrongRow({ head, rows }: LedgerExcerpt): number | undefined {
  const wrong = rows.find((row, index) => {
    const next = rows[index + 1];
    const isNext = next !== undefined && next.id === row.id + 1;
    return row.hash !== ledgerHash(row) || (isNext && next.previous_hash !== row.hash);
  });
  if (wrong) return wrong.id;
  const last = rows.at(-1);
  return last?.id === head.row && last.hash === head.hash ? undefined : head.row;
}
