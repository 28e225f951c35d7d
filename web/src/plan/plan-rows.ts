import type { PlanStep } from '../api/incident-shapes.ts';
import { clockText, elapsedText } from '../words/figures.ts';
import type { MessageKey } from '../words/zh-cn.ts';

/** One line of the checklist. */
export interface PlanRow {
  readonly id: string;
  readonly text: string;
  readonly look: 'open' | 'late' | 'done' | 'failed';
  /** Done by the house, not by people. */
  readonly automatic: boolean;
  /** Somebody may tick it off now. */
  readonly open: boolean;
  /** How long is left, or who did it when, or why it was not done. */
  readonly said: string;
}

type Say = (key: MessageKey, values?: Record<string, unknown>) => string;

/** The steps in their plan's order, as they stand at `now`. */
export function planRows(steps: readonly PlanStep[], now: number, t: Say): PlanRow[] {
  return steps.map((step) => {
    const { id, text, automatic, state } = step;
    return {
      id,
      text,
      automatic,
      look: lookOf(step, now),
      open: state === 'open' || state === 'failed',
      said: said(step, now, t),
    };
  });
}

function lookOf({ state, dueAt }: PlanStep, now: number): PlanRow['look'] {
  if (state === 'done' || state === 'failed') return state;
  return dueAt !== undefined && Date.parse(dueAt) < now ? 'late' : 'open';
}

function said(step: PlanStep, now: number, t: Say): string {
  switch (step.state) {
    case 'done':
      return doneText(step, t);
    case 'failed':
      return t('plan.failed', { why: step.note ?? '' });
    case 'started':
      return t('plan.started');
    default:
      return leftText(step, now, t);
  }
}

function doneText({ by, at }: PlanStep, t: Say): string {
  if (by === undefined || at === undefined) return t('plan.units');
  return t('plan.by', { name: by === 'system' ? t('record.system') : by, time: clockText(new Date(at)) });
}

function leftText({ dueAt, automatic }: PlanStep, now: number, t: Say): string {
  if (dueAt === undefined) return automatic ? t('plan.waiting') : '';
  const left = Date.parse(dueAt) - now;
  return t(left < 0 ? 'steps.late' : 'steps.left', { time: elapsedText(Math.abs(left)) });
}
