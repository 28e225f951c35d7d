import { join } from 'node:path';
import { loadConfig } from '../config.ts';
import type { Report } from '../dispatch/reports/report.ts';
import { reportCsv } from '../dispatch/reports/report-csv.ts';
import { Reports } from '../dispatch/reports/reports.ts';
import { systemActor } from '../shared/actor.ts';
import { openStoreToRead } from '../store/store.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';

/** `reports daily [--date DAY] [--format json|csv]`: reads only; works while the server runs. */
export const reportsDaily: Command = (context) =>
  printReport(context, (reports, date) => reports.daily(date, systemActor));

/** `reports weekly [--date WEEK] [--format json|csv]`. */
export const reportsWeekly: Command = (context) =>
  printReport(context, (reports, week) => reports.weekly(week, systemActor));

type Ask = (reports: Reports, period: string | undefined) => Promise<Report>;

async function printReport({ configDir, dataDir, environment, options, print }: CommandContext, ask: Ask) {
  const { format = 'json', date } = options;
  if (format !== 'json' && format !== 'csv') throw new UsageError(`--format expects json or csv, not ${format}`);
  const { responsibility } = await loadConfig(configDir, environment);
  await using store = await openStoreToRead(join(dataDir, 'operations.sqlite'));
  const report = await ask(new Reports({ store, zone: () => responsibility.calendar.zone }), date);
  print(format === 'csv' ? reportCsv(report).trimEnd() : JSON.stringify(report, undefined, 2));
  return 0;
}
