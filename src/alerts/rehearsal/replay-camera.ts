import { rulesOf } from '../detection/camera-rules.ts';
import { familyOf } from '../detection/labels.ts';
import type { Sighting } from '../detection/model.ts';
import type { RuleEvent } from '../detection/rules/rule-event.ts';
import { type StandingRule, scheduledRule, standingRule } from '../detection/rules/standing-rule.ts';
import { noTracks } from '../detection/tracker.ts';
import { followed, keepShare, ruleTimesOf, type Watching } from '../detection/watch-policy.ts';
import type { CameraTrace, Look } from '../traces/trace.ts';
import { type CaseOutcome, leadMs } from './rehearsal-case.ts';

export interface CameraReplay {
  readonly watching: Watching;
  /** Of the rule. */
  readonly key: string;
  readonly raisedAt: Date;
  readonly trace: CameraTrace;
  /** What the rule has seen before: its cooldown may still hold. */
  readonly before?: RuleEvent | undefined;
}

export interface Replayed {
  readonly outcome: CaseOutcome;
  readonly event: RuleEvent;
}

/** Plays what a camera saw around one alert through the rule that raised it, as that rule is now. */
export function replayCamera({ watching, key, raisedAt, trace, before = {} }: CameraReplay): Replayed {
  const { camera, policy } = watching;
  const rule = rulesOf(camera, ruleTimesOf(policy)).find((one) => one.key === key);
  if (!rule) return { outcome: { type: 'silent', because: 'no such rule any more' }, event: before };
  const standing = standingRule(rule.choice, before);
  const played = play(rule.schedule ? scheduledRule(standing, rule.schedule, rule.place) : standing, {
    watching,
    trace: withFamilies(trace, rule.choice.policy.objects),
    sinceMs: raisedAt.getTime() - leadMs,
  });
  const { seenAt, event } = played;
  if (seenAt !== undefined) return { outcome: { type: 'raised', at: new Date(seenAt) }, event };
  const because = doubt(trace, { watching, dwellMs: rule.choice.policy.dwellMs });
  return { outcome: because === undefined ? { type: 'silent' } : { type: 'unknown', because }, event };
}

/** Things of other families are never taken for one of these: to leave them out changes nothing but the time it takes. */
function withFamilies(trace: CameraTrace, objects: readonly string[]): CameraTrace {
  const families = new Set(objects.map(familyOf));
  const looks = trace.looks.map(({ ms, seen }) => ({
    ms,
    seen: seen.filter(([label]) => families.has(familyOf(label))),
  }));
  return { ...trace, looks };
}

interface Playing {
  readonly watching: Watching;
  readonly trace: CameraTrace;
  readonly sinceMs: number;
}

/** When the rule first held anything against what was seen from `sinceMs` on, and where it stands at the end. */
function play(standing: StandingRule, { watching, trace, sinceMs }: Playing) {
  const { aspect, looks } = trace;
  const fromMs = Date.parse(trace.from);
  let [rule, tracks] = [standing, noTracks];
  let seenAt: number | undefined;
  for (const look of looks) {
    const at = fromMs + look.ms;
    tracks = followed(tracks, { sightings: sightingsOf(look), at, aspect }, watching);
    const { verdict, next } = rule.look({ tracks: tracks.tracks, at, aspect });
    rule = next;
    if (at >= sinceMs && (verdict.type === 'begin' || verdict.type === 'continue')) seenAt ??= at;
  }
  const { open, endedAt } = rule.event;
  const over = open?.lastAt ?? endedAt;
  return { seenAt, event: over === undefined ? {} : { endedAt: over } };
}

function sightingsOf({ seen }: Look): Sighting[] {
  return seen.map(([label, score, x, y, width, height]) => ({ label, score, box: { x, y, width, height } }));
}

/** Why the silence of a rule says nothing; undefined when it does. */
function doubt({ looks, leastScore }: CameraTrace, { watching, dwellMs }: { watching: Watching; dwellMs: number }) {
  const spanMs = looks.at(-1)?.ms ?? 0;
  if (dwellMs > spanMs) return 'the trace is shorter than the dwell';
  const asksForLess = watching.policy.minScore * keepShare < leastScore;
  return asksForLess ? 'the detector wrote down nothing of so low a score' : undefined;
}
