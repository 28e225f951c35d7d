import type { GeoPoint } from '../../gis/point.ts';
import { sunElevation, sunriseElevation } from '../../gis/sun.ts';
import type { Reason } from '../../shared/reason.ts';
import { type Severity, severities } from '../incidents/incident.ts';
import type { Plan, PlanMatch } from './config.ts';

/** What decides which plan is meant. */
export interface PlanFacts {
  readonly kind: string;
  readonly severity: Severity;
  readonly area?: string | undefined;
  readonly position?: GeoPoint | undefined;
  /** Metres, as the nearest station measures it. */
  readonly visibility?: number | undefined;
  readonly at: Date;
}

export interface MatchedPlan {
  readonly plan: Plan;
  readonly because: Reason;
}

/** As the wall says them. */
const severityWords: Readonly<Record<Severity, string>> = {
  critical: '危急',
  major: '严重',
  minor: '一般',
  info: '提示',
};

/** What a plan asks for, and whether it is so; undefined where it does not ask. */
type Condition = (match: PlanMatch, facts: PlanFacts) => { readonly holds: boolean; readonly text: string } | undefined;

/** From the one that says most of what an incident is to the one that says least. */
const conditions: readonly Condition[] = [
  ({ kinds }, { kind }) => kinds && { holds: kinds.includes(kind), text: '类型相符' },
  ({ areas }, { area }) => areas && { holds: area !== undefined && areas.includes(area), text: `辖区 ${area}` },
  ({ visibility: limit }, { visibility }) =>
    limit === undefined
      ? undefined
      : { holds: visibility !== undefined && visibility <= limit, text: `能见度 ${visibility} m（不超过 ${limit} m）` },
  ({ night }, facts) =>
    night === undefined ? undefined : { holds: isNight(facts) === night, text: night ? '夜间' : '白天' },
  ({ severity: least }, { severity }) =>
    least && {
      holds: rank(severity) >= rank(least),
      text: `${severityWords[severity]}（至少${severityWords[least]}）`,
    },
];

/** The plan that asks for most of what the incident is; undefined when none fits. */
export function matchPlan(plans: readonly Plan[], facts: PlanFacts): MatchedPlan | undefined {
  const [plan] = plans.filter(({ match }) => fits(match, facts)).toSorted(moreSpecificFirst);
  return plan && { plan, because: becauseOf(plan, facts) };
}

/** Below zero when `a` asks for more than `b`: a kind before an area, before the sight, the hour and the severity. */
export function moreSpecificFirst(a: Plan, b: Plan): number {
  const sight = (a.match.visibility ?? Number.POSITIVE_INFINITY) - (b.match.visibility ?? Number.POSITIVE_INFINITY);
  const urgency = rank(b.match.severity ?? 'info') - rank(a.match.severity ?? 'info');
  return weightOf(b.match) - weightOf(a.match) || sight || urgency || a.id.localeCompare(b.id);
}

function fits(match: PlanMatch, facts: PlanFacts): boolean {
  return conditions.every((condition) => condition(match, facts)?.holds !== false);
}

function weightOf({ kinds, areas, visibility, night, severity }: PlanMatch): number {
  const asked = [kinds, areas, visibility, night, severity].map((one) => one !== undefined);
  return asked.reduce((weight, isAsked) => weight * 2 + Number(isAsked), 0);
}

function becauseOf({ id, name, match }: Plan, facts: PlanFacts): Reason {
  const asked = conditions.flatMap((condition) => condition(match, facts)?.text ?? []);
  return { text: `预案 ${name}：${asked.length === 0 ? '适用一切' : asked.join('、')}`, source: `plans/${id}` };
}

/** Undefined where nobody knows where it is. */
function isNight({ at, position }: PlanFacts): boolean | undefined {
  return position && sunElevation(at, position) < sunriseElevation;
}

const rank = (severity: Severity) => severities.indexOf(severity);
