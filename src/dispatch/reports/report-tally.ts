import type { ClosedCount, IncidentFacts } from '../../store/reports-repository.ts';
import { type Counts, type ReportStep, reportSteps, type StepTimes, targetSeconds } from './report.ts';

/** The moment each step begins at and the one it ends at; null where one of them has not come. */
const stepSpans: Readonly<Record<ReportStep, (facts: IncidentFacts) => [number | null, number | null]>> = {
  acknowledge: ({ detectedMs, acknowledgedMs }) => [detectedMs, acknowledgedMs],
  // What somebody reported is taken the moment it is written down.
  dispatch: ({ acknowledgedMs, receivedMs, dispatchedMs }) => [acknowledgedMs ?? receivedMs, dispatchedMs],
  accept: ({ dispatchedMs, acceptedMs }) => [dispatchedMs, acceptedMs],
  arrive: ({ acceptedMs, arrivedMs }) => [acceptedMs, arrivedMs],
  close: ({ arrivedMs, closedMs }) => [arrivedMs, closedMs],
};

/** What a report counts, incident by incident: of each only numbers stay. */
export class ReportTally {
  readonly #nowMs: number;
  readonly #all: Counts = { received: 0, closed: 0, overdue: 0 };
  readonly #areas = new Map<string | null, Counts>();
  readonly #departments = new Map<string | null, Counts>();
  readonly #seconds: Readonly<Record<ReportStep, number[]>> = {
    acknowledge: [],
    dispatch: [],
    accept: [],
    arrive: [],
    close: [],
  };

  constructor(now: Date) {
    this.#nowMs = now.getTime();
  }

  add(facts: IncidentFacts): void {
    const overdue = Number(isOverdue(facts, this.#nowMs));
    for (const counts of this.#countsOf(facts)) {
      counts.received += 1;
      counts.overdue += overdue;
    }
    for (const step of reportSteps) {
      const [from, to] = stepSpans[step](facts);
      const seconds = from === null || to === null ? Number.NaN : (to - from) / 1_000;
      // A clock that was set back in between says nothing.
      if (seconds >= 0) this.#seconds[step].push(seconds);
    }
  }

  addClosed({ closed, ...of }: ClosedCount): void {
    for (const counts of this.#countsOf(of)) counts.closed += closed;
  }

  get all(): Counts {
    return this.#all;
  }

  get areas(): ({ area: string | null } & Counts)[] {
    return [...this.#areas].map(([area, counts]) => ({ area, ...counts })).sort(byWork);
  }

  get departments(): ({ department: string | null } & Counts)[] {
    return [...this.#departments].map(([department, counts]) => ({ department, ...counts })).sort(byWork);
  }

  get times(): StepTimes[] {
    return reportSteps.map((step) => stepTimes(step, Float64Array.from(this.#seconds[step]).sort()));
  }

  #countsOf({ area, department }: Pick<IncidentFacts, 'area' | 'department'>): Counts[] {
    return [this.#all, countsIn(this.#areas, area), countsIn(this.#departments, department)];
  }
}

/** Handled after it was due, or not handled though it is. */
function isOverdue({ dueMs, handledMs, closedMs }: IncidentFacts, nowMs: number): boolean {
  return dueMs !== null && (handledMs ?? closedMs ?? nowMs) > dueMs;
}

/** `sorted` from the shortest on. */
export function stepTimes(step: ReportStep, sorted: Float64Array): StepTimes {
  const count = sorted.length;
  const target = targetSeconds[step];
  const within = sorted.filter((seconds) => seconds <= target).length;
  return {
    ...{ step, count, targetSeconds: target },
    medianSeconds: quantile(sorted, 0.5),
    p90Seconds: quantile(sorted, 0.9),
    withinTarget: count === 0 ? null : rounded(within / count),
  };
}

/** The least that so large a share does not exceed (nearest rank). */
function quantile(sorted: Float64Array, share: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return value === undefined ? null : rounded(value);
}

export const rounded = (value: number) => Math.round(value * 1_000) / 1_000;

const byWork = (a: Counts, b: Counts) => b.received - a.received || b.closed - a.closed;

function countsIn(groups: Map<string | null, Counts>, key: string | null): Counts {
  const known = groups.get(key);
  if (known) return known;
  const counts = { received: 0, closed: 0, overdue: 0 };
  groups.set(key, counts);
  return counts;
}
