import type { Oversight } from './oversight.ts';
import type { Counts, Report } from './report.ts';

type Cell = string | number | boolean | null;
type Row = readonly Cell[];

/** One value a line, so that a table program can turn it any way. */
export function reportCsv(report: Report): string {
  const { incidents, times, areas, departments, falseAlarms, complete } = report;
  return csvOf([
    ['section', 'name', 'detail', 'measure', 'value'],
    ['report', report.period, report.zone, 'from', report.from],
    ['report', report.period, report.zone, 'to', report.to],
    ['report', report.period, report.zone, 'complete', complete],
    ...countRows('incidents', null, incidents),
    ...times.flatMap(({ step, ...measures }) => measureRows(['time', step, null], measures)),
    ...areas.flatMap(({ area, ...counts }) => countRows('area', area, counts)),
    ...departments.flatMap(({ department, ...counts }) => countRows('department', department, counts)),
    ...falseAlarms.flatMap(({ kind, camera, ...measures }) => measureRows(['alerts', kind, camera], measures)),
  ]);
}

export function oversightCsv({ week, from, to, accounts, watched }: Oversight): string {
  return csvOf([
    ['section', 'name', 'detail', 'measure', 'value'],
    ['oversight', week, null, 'from', from],
    ['oversight', week, null, 'to', to],
    ...accounts.flatMap(({ account, role, ...measures }) => measureRows(['account', account, role], measures)),
    ...watched.flatMap(({ account, camera, ...measures }) => measureRows(['watched', account, camera], measures)),
  ]);
}

const countRows = (section: string, name: string | null, { received, closed, overdue }: Counts) =>
  measureRows([section, name, null], { received, closed, overdue });

function measureRows(head: Row, measures: Readonly<Record<string, Cell>>): Row[] {
  return Object.entries(measures).map(([measure, value]) => [...head, measure, value]);
}

/** RFC 4180, with the mark that tells table programs that it is UTF-8. */
function csvOf(rows: readonly Row[]): string {
  return `\uFEFF${rows.map((row) => row.map(cellOf).join(',')).join('\r\n')}\r\n`;
}

/** A name that a table program would take for a formula is text to it with an apostrophe in front. */
export function cellOf(value: Cell): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
