import { defaultPlanMinutes, type Plan } from './config.ts';
import { matchPlan, type PlanFacts } from './match-plan.ts';
import { isAutomatic, stepText } from './step-words.ts';

interface Moment {
  readonly minutes: number;
  readonly what: 'auto' | 'manual' | 'deadline';
  readonly text: string;
}

/**
 * What would happen, and when by the clocks of the zone, if an incident of these facts were opened; undefined when no plan is
 * meant for it.
 */
export function simulatePlan(plans: readonly Plan[], facts: PlanFacts, zone: string): string[] | undefined {
  const found = matchPlan(plans, facts);
  if (!found) return undefined;
  const { plan, because } = found;
  const clock = clockOf(facts.at, zone);
  const moments = [...momentsOf(plan), ...deadlinesOf(plan)].toSorted((a, b) => a.minutes - b.minutes);
  return [
    `${plan.id}  ${plan.name}`,
    because.text,
    ...moments.map(({ minutes, what, text }) => `${clock(minutes)}  ${offset(minutes)}  ${what.padEnd(8)}  ${text}`),
  ];
}

function momentsOf({ steps, deadlines }: Plan): Moment[] {
  const { handle } = { ...defaultPlanMinutes, ...deadlines };
  return steps.map((step) => ({
    minutes: isAutomatic(step) ? 0 : (step.after ?? (step.do === 'units' ? handle : 0)),
    what: isAutomatic(step) ? 'auto' : 'manual',
    text: `${step.id}: ${stepText(step)}`,
  }));
}

function deadlinesOf({ deadlines }: Plan): Moment[] {
  const { acknowledge, handle, report, supervise } = { ...defaultPlanMinutes, ...deadlines };
  const deadline = (minutes: number, text: string): Moment => ({ minutes, what: 'deadline', text });
  return [
    deadline(acknowledge, 'acknowledge: 派出即时接受，逾时另荐'),
    deadline(handle, 'handle: 应已派出'),
    deadline(report, 'report: 应已反馈，逾期升级'),
    deadline(report + supervise, 'supervise: 督办，须说明原因'),
  ];
}

function clockOf(at: Date, timeZone: string): (minutes: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' });
  return (minutes) => format.format(at.getTime() + minutes * 60_000);
}

/** +12:30 is twelve minutes and a half. */
function offset(minutes: number): string {
  const seconds = Math.round(minutes * 60);
  return `+${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
