import type { ResponsibilityRow } from './config.ts';

/** What of an incident says whose work it is. */
export interface Subject {
  readonly kind: string;
  readonly area?: string | undefined;
  readonly owner?: string | undefined;
}

/** A row with its number, counted from 1 through all files. */
export interface NumberedRow extends ResponsibilityRow {
  readonly number: number;
}

export type Responsible =
  | { readonly type: 'nobody' }
  | { readonly type: 'one'; readonly row: NumberedRow }
  /** Rows that fit equally well name different departments, in the order of the rows. */
  | { readonly type: 'disputed'; readonly rows: readonly NumberedRow[] };

/**
 * The row that asks for most of what the incident is. Where nobody knows whose the thing is and no row does without, all
 * owners are possible: if their departments differ, people decide.
 */
export function responsibleFor(rows: readonly NumberedRow[], subject: Subject): Responsible {
  const fitting = rows.filter((row) => fits(row, subject));
  const possible =
    fitting.length === 0 && subject.owner === undefined ? rows.filter((row) => mayFit(row, subject)) : fitting;
  const most = Math.max(0, ...possible.map(asksFor));
  const best = possible.filter((row) => asksFor(row) === most);
  const [first] = best;
  if (!first) return { type: 'nobody' };
  const isDisputed = best.some(({ department }) => department !== first.department);
  return isDisputed ? { type: 'disputed', rows: best } : { type: 'one', row: first };
}

const asksFor = ({ kind, area, owner }: ResponsibilityRow) =>
  [kind, area, owner].filter((part) => part !== undefined).length;

function fits(row: ResponsibilityRow, { kind, area, owner }: Subject): boolean {
  return isAsked(row.kind, kind) && isAsked(row.area, area) && isAsked(row.owner, owner);
}

const mayFit = (row: ResponsibilityRow, subject: Subject) => fits(row, { ...subject, owner: row.owner });
const isAsked = (asked: string | undefined, is: string | undefined) => asked === undefined || asked === is;
