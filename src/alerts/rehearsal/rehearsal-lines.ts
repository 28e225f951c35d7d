import type { RehearsalReport, RuleTally } from './rehearsal-tally.ts';

const mostRules = 40;
const mostLost = 50;

/** The report as an engineer reads it. */
export function rehearsalLines(report: RehearsalReport): string[] {
  const { cases, days, rules } = report;
  if (cases === 0) return ['no reviewed alert to rehearse', ...untracedLines(report)];
  return [
    `${cases} reviewed alerts of ${days.toFixed(1)} days`,
    '',
    ...table(rules.slice(0, mostRules).map((rule) => rowOf(rule, days))),
    ...(rules.length > mostRules ? [`  and ${rules.length - mostRules} rules more that change less`] : []),
    '',
    summaryOf(rules, days),
    ...lostLines(report),
    ...unknownLines(report),
    ...untracedLines(report),
    '',
    'Only reviewed alerts are replayed: what a looser rule would raise besides is not counted, nor what nobody decided on.',
  ];
}

/** `-38 false a day, 1 true lost`. */
export function summaryOf(rules: readonly RuleTally[], days: number): string {
  const gone = sum(rules, 'falseGone');
  const lost = sum(rules, 'trueLost');
  return `${perDay(gone, days)} false a day, ${lost} true lost`;
}

type Row = readonly [rule: string, kept: string, lost: string, falseKept: string, gone: string, day: string];

const head: Row = ['rule', 'true kept', 'lost', 'false kept', 'gone', 'false a day'];

function rowOf({ key, trueKept, trueLost, falseKept, falseGone }: RuleTally, days: number): Row {
  return [key, `${trueKept}`, `${trueLost}`, `${falseKept}`, `${falseGone}`, perDay(falseGone, days)];
}

function table(rows: readonly Row[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  );
}

function lostLines({ rules, lost }: RehearsalReport): string[] {
  if (lost.length === 0) return [];
  const more = sum(rules, 'trueLost') - Math.min(lost.length, mostLost);
  return [
    '',
    'lost, though somebody confirmed them:',
    ...lost.slice(0, mostLost).map(({ at, id, key, title, because }) => {
      const why = because === undefined ? '' : ` (${because})`;
      return `  ${at}  ${id}  ${key}  ${title}${why}`;
    }),
    ...(more > 0 ? [`  and ${more} more: --json lists up to 1000`] : []),
  ];
}

function unknownLines({ unknown }: RehearsalReport): string[] {
  const causes = Object.entries(unknown);
  return causes.length === 0
    ? []
    : ['', 'not judged:', ...causes.map(([because, count]) => `  ${count} because ${because}`)];
}

function untracedLines({ untraced }: RehearsalReport): string[] {
  return untraced === 0 ? [] : ['', `${untraced} reviewed alerts more have no trace and were not replayed`];
}

function sum(rules: readonly RuleTally[], count: 'trueLost' | 'falseGone'): number {
  return rules.reduce((total, rule) => total + rule[count], 0);
}

/** A whole number from ten on; `0` when there is no change. */
function perDay(count: number, days: number): string {
  if (count === 0) return '0';
  const rate = count / days;
  return `-${rate >= 10 ? Math.round(rate) : Number(rate.toFixed(rate >= 1 ? 1 : 2))}`;
}
