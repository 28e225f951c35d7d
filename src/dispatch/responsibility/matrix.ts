import type { Reason } from '../../shared/reason.ts';
import { deadlineAt } from '../incidents/clock-moves.ts';
import type { Severity } from '../incidents/incident.ts';
import type { Deadline } from '../incidents/incident-move.ts';
import type { Responsibility } from './config.ts';
import { type NumberedRow, responsibleFor, type Subject } from './responsible-for.ts';
import { WorkingDays } from './working-days.ts';

/** So long somebody has for it. */
export interface Term {
  readonly minutes?: number | undefined;
  readonly workingDays?: number | undefined;
}

export type Verdict =
  | { readonly type: 'nobody' }
  | {
      readonly type: 'one';
      readonly department: string;
      readonly deadline: Deadline | undefined;
      readonly severity: Severity | undefined;
      readonly because: Reason;
    }
  | { readonly type: 'disputed'; readonly departments: readonly string[]; readonly because: Reason };

/** Whose work something is and by when, as `responsibility.yaml` says (权责清单). */
export class ResponsibilityMatrix {
  readonly #rows: readonly NumberedRow[];
  readonly #days: WorkingDays;

  constructor({ rows, calendar }: Responsibility) {
    this.#rows = rows.map((row, index) => ({ ...row, number: index + 1 }));
    this.#days = new WorkingDays(calendar);
  }

  judge(subject: Subject, from: Date): Verdict {
    const found = responsibleFor(this.#rows, subject);
    if (found.type === 'nobody') return found;
    if (found.type === 'disputed') {
      const departments = [...new Set(found.rows.map(({ department }) => department))];
      return { type: 'disputed', departments, because: disputeOf(found.rows, departments) };
    }
    const { row } = found;
    const { department, severity } = row;
    return { type: 'one', department, severity, deadline: this.deadline(row, from), because: becauseOf(row) };
  }

  /** Undefined when no time is set. */
  deadline({ minutes, workingDays }: Term, from: Date): Deadline | undefined {
    if (minutes !== undefined) return deadlineAt(from, new Date(from.getTime() + minutes * 60_000));
    return workingDays === undefined ? undefined : deadlineAt(from, this.#days.after(from, workingDays));
  }
}

function becauseOf(row: NumberedRow): Reason {
  const { kind = '各类', area = '各处', owner, department, minutes, workingDays } = row;
  const whose = [kind, area, ...(owner === undefined ? [] : [owner])].join('、');
  const time =
    minutes === undefined ? (workingDays === undefined ? '' : `，${workingDays} 个工作日`) : `，${minutes} 分钟`;
  return { text: `${nameOf(row)}：${whose} → ${department}${time}`, source: 'responsibility.yaml' };
}

function disputeOf(rows: readonly NumberedRow[], departments: readonly string[]): Reason {
  const named = rows.slice(0, 5).map(nameOf).join('、');
  return { text: `${named}指向不同部门（${departments.join('、')}），待会商`, source: 'responsibility.yaml' };
}

const nameOf = ({ id, number }: NumberedRow) => (id === undefined ? `权责清单第 ${number} 行` : `权责清单 ${id}`);
