import type { Actor } from '../../shared/actor.ts';
import { AppError } from '../../shared/app-error.ts';
import { type AlertCount, alertCounts, closedCounts, incidentFacts } from '../../store/reports-repository.ts';
import type { Store } from '../../store/store.ts';
import type { FalseAlarms, Report } from './report.ts';
import { WallDays } from './report-span.ts';
import { ReportTally, rounded } from './report-tally.ts';

/** There is no such day or week. */
export class ReportPeriodError extends AppError {
  readonly code = 'REPORT_PERIOD';
  override readonly statusCode = 400;

  constructor(expected: string) {
    super(`there is no such time: expected ${expected}`);
  }
}

export interface ReportsOptions {
  readonly store: Store;
  /** Where days begin and end now, by its IANA name. */
  readonly zone: () => string;
  readonly now?: (() => Date) | undefined;
}

/** A few milliseconds of the database's thread; whatever else waits for it goes between two of them. */
const batch = 2_000;
const mostIncidents = 500_000;
const mostFalseAlarms = 1_000;

/** What was received, how fast it went and what of it was none: by the clock of the place. */
export class Reports {
  readonly #store: Store;
  readonly #zone: () => string;
  readonly #now: () => Date;

  constructor({ store, zone, now = () => new Date() }: ReportsOptions) {
    this.#store = store;
    this.#zone = zone;
    this.#now = now;
  }

  get #days(): WallDays {
    return new WallDays(this.#zone());
  }

  /** Of today unless told. Fails with `REPORT_PERIOD`. */
  async daily(date: string | undefined, actor: Actor): Promise<Report> {
    const day = date ?? this.#days.dayOf(this.#now());
    const span = this.#days.day(day);
    if (!span) throw new ReportPeriodError('a day like 2026-11-26');
    return await this.#report(day, span, actor);
  }

  /** Of this week unless told. Fails with `REPORT_PERIOD`. */
  async weekly(asked: string | undefined, actor: Actor): Promise<Report> {
    const { week, span } = this.weekOf(asked);
    return await this.#report(week, span, actor);
  }

  /** The week that was asked for, or this one. Fails with `REPORT_PERIOD`. */
  weekOf(asked: string | undefined): { week: string; span: { from: Date; to: Date } } {
    const week = asked ?? this.#days.weekOf(this.#now());
    const span = this.#days.week(week);
    if (!span) throw new ReportPeriodError('a week like 2026-W48');
    return { week, span };
  }

  async #report(period: string, span: { from: Date; to: Date }, { areas }: Actor): Promise<Report> {
    const { db } = this.#store;
    const asked = { ...span, areas };
    const tally = new ReportTally(this.#now());
    const complete = await this.#count(asked, tally);
    for (const closed of await closedCounts(db, asked)) tally.addClosed(closed);
    const alerts = await alertCounts(db, asked);
    return {
      ...{ period, from: span.from.toISOString(), to: span.to.toISOString(), zone: this.#days.zone, complete },
      incidents: tally.all,
      times: tally.times,
      areas: tally.areas,
      departments: tally.departments,
      falseAlarms: alerts.slice(0, mostFalseAlarms).map(falseAlarms),
    };
  }

  /** False when there is more than is counted. */
  async #count(asked: Parameters<typeof incidentFacts>[1], tally: ReportTally): Promise<boolean> {
    let after = '';
    for (let counted = 0; counted < mostIncidents; counted += batch) {
      const { facts, last } = await incidentFacts(this.#store.db, asked, { after, limit: batch });
      for (const one of facts) tally.add(one);
      if (last === undefined || facts.length < batch) return true;
      after = last;
    }
    return false;
  }
}

function falseAlarms({ kind, camera, raised, confirmed, dismissed }: AlertCount): FalseAlarms {
  const reviewed = confirmed + dismissed;
  return { kind, camera, raised, confirmed, dismissed, rate: reviewed === 0 ? null : rounded(dismissed / reviewed) };
}
