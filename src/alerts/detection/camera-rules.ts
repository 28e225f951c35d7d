import type { AlertKind, Position } from '../alert.ts';
import { type Family, families, familyOf, labelsOf } from './labels.ts';
import { kindOf } from './rule-ranks.ts';
import type { RulePolicy } from './rules/rule-policy.ts';
import type { Schedule } from './rules/schedule.ts';
import type { RuleChoice } from './rules/standing-rule.ts';
import type { WatchedCamera } from './watched-camera.ts';
import type { Line, Zone, ZoneRuleName } from './zone.ts';

/** One rule of one camera: nothing but values, so that two can be compared. */
export interface CameraRule {
  /** Of the observations it makes: the same thing going on has the same key. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly choice: RuleChoice;
  readonly schedule?: Schedule | undefined;
  /** Where the sun is looked at from. */
  readonly place: Position;
}

/** What holds unless a zone or line says otherwise; milliseconds. */
export interface RuleTimes {
  /** Of `presence`. */
  readonly dwellMs: number;
  readonly clearMs: number;
  readonly graceMs: number;
}

const defaultDwellMs: Readonly<Record<Exclude<ZoneRuleName, 'presence'>, number>> = {
  stopped: 10_000,
  'wrong-way': 1_000,
  crowd: 5_000,
  'object-left': 60_000,
};
const defaultObjects: Readonly<Record<Exclude<ZoneRuleName, 'presence'>, readonly string[]>> = {
  stopped: ['vehicle'],
  'wrong-way': ['vehicle', 'two-wheeler'],
  crowd: ['person'],
  'object-left': ['thing'],
};
const defaultCrowd = 10;

/** Every rule of a camera, by the zones and lines it has. */
export function rulesOf(camera: WatchedCamera, times: RuleTimes): CameraRule[] {
  const { zones = [], lines = [] } = camera.detect;
  return [
    ...zones.flatMap((zone) => zoneRules(zone, camera, times)),
    ...lines.map((line) => lineRule(line, camera, times)),
  ];
}

function zoneRules(zone: Zone, camera: WatchedCamera, times: RuleTimes): CameraRule[] {
  const { rule = 'presence' } = zone;
  if (rule === 'presence') return presenceRules(zone, camera, times);
  const choice = zoneChoice(zone, rule, policyOf(zone, zone.objects ?? defaultObjects[rule], times));
  return choice ? [ruleOf(choice, `${rule}:${camera.id}:${zone.id}`, { camera, zone })] : [];
}

function zoneChoice(zone: Zone, rule: Exclude<ZoneRuleName, 'presence'>, base: RulePolicy): RuleChoice | undefined {
  const dwellMs = zone.dwell === undefined ? defaultDwellMs[rule] : zone.dwell * 1_000;
  const policy = { ...base, dwellMs, zone };
  const { direction, count = defaultCrowd } = zone;
  if (rule === 'crowd') return { rule, policy: { ...policy, count } };
  if (rule === 'wrong-way') return direction && { rule, policy: { ...policy, direction } };
  return { rule, policy };
}

/** A person and a cow in one zone are two alerts of two kinds: each family is a rule of its own. */
function presenceRules(zone: Zone, camera: WatchedCamera, times: RuleTimes): CameraRule[] {
  const labels = labelsOf(zone.objects ?? camera.detect.objects ?? ['person']);
  const dwellMs = zone.dwell === undefined ? times.dwellMs : zone.dwell * 1_000;
  return families.flatMap((family) => {
    const objects = labels.filter((label) => familyOf(label) === family);
    if (objects.length === 0) return [];
    const policy = { ...policyOf(zone, objects, times), dwellMs, zone };
    return [ruleOf({ rule: 'presence', policy }, zoneKey(camera.id, zone.id, family), { camera, zone, family })];
  });
}

function lineRule(line: Line, camera: WatchedCamera, times: RuleTimes): CameraRule {
  const isWrongWay = line.rule === 'wrong-way';
  const objects = line.objects ?? (isWrongWay ? defaultObjects['wrong-way'] : (camera.detect.objects ?? ['person']));
  const policy = { ...policyOf(line, objects, times), line };
  const rule = isWrongWay ? 'wrong-way-line' : 'crossing';
  return ruleOf({ rule, policy }, `${rule}:${camera.id}:${line.id}`, { camera, zone: line });
}

function policyOf(
  { minSize = 0, cooldown = 0 }: Zone | Line,
  objects: readonly string[],
  times: RuleTimes,
): RulePolicy {
  const { clearMs, graceMs } = times;
  return { objects: labelsOf(objects), minSize, dwellMs: 0, clearMs, graceMs, cooldownMs: cooldown * 1_000 };
}

interface Belonging {
  readonly camera: WatchedCamera;
  readonly zone: Zone | Line;
  readonly family?: Family;
}

function ruleOf(choice: RuleChoice, key: string, { camera, zone, family }: Belonging): CameraRule {
  const { lat, lon } = camera.position;
  const kind = kindOf(choice.rule, zone.road !== false, family);
  return { key, kind, choice, place: { lat, lon }, ...(zone.schedule && { schedule: zone.schedule }) };
}

/** The same as long as somebody of that family is in the zone, whoever it is. */
export function zoneKey(camera: string, zone: string, family: Family = 'person'): string {
  return `${family}:${camera}:${zone}`;
}
