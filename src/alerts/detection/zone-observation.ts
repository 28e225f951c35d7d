import type { Reason } from '../../shared/reason.ts';
import type { Observation } from '../observation.ts';
import type { CameraRule } from './camera-rules.ts';
import { severityOf } from './rule-ranks.ts';
import { titleOf } from './rule-titles.ts';
import { whyOf } from './rule-why.ts';
import { round } from './rules/reason-texts.ts';
import type { Offence } from './rules/rule-event.ts';
import type { RuleChoice } from './rules/standing-rule.ts';
import type { WatchedCamera } from './watched-camera.ts';
import type { Line, Zone } from './zone.ts';

/** Who breaks which rule of which camera, and how sure the model had to be. */
export interface Trespass {
  readonly camera: WatchedCamera;
  readonly rule: CameraRule;
  readonly offence: Offence;
  readonly at: Date;
  readonly minScore: number;
}

export function zoneObservation(given: Trespass): Observation {
  const { camera, rule, offence, at } = given;
  const { track, tracks, count = tracks.length } = offence;
  const trespass = { ...given, minScore: track.limit ?? given.minScore };
  const isOnRoad = placeOf(rule.choice).road !== false;
  return {
    key: rule.key,
    kind: rule.kind,
    severity: severityOf(rule.choice.rule, isOnRoad, track.label),
    at,
    position: camera.position,
    title: titleOf(rule.choice, offence),
    reasons: reasonsOf(trespass),
    why: whyOf(trespass),
    camera: camera.id,
    area: camera.area,
    road: camera.road,
    stake: camera.stake,
    carriageway: camera.carriageway,
    object: track.label,
    ...(count > 1 && { count }),
    box: { ...track.box, score: round(track.score, 2) },
  };
}

/** The zone or the line the rule is about. */
export function placeOf({ policy }: RuleChoice): Zone | Line {
  return 'zone' in policy ? policy.zone : policy.line;
}

function reasonsOf({ camera, offence, minScore }: Trespass): Reason[] {
  const { track, reasons } = offence;
  const score = round(track.score, 2);
  const source = camera.name ?? camera.id;
  return [
    ...reasons.map((reason) => ({ source, ...reason })),
    { text: `模型置信度 ${score}，门限 ${minScore}`, value: score, limit: minScore, source: `检测 ${track.label}` },
  ];
}
