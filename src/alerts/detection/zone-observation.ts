import type { Reason } from '../alert.ts';
import type { Observation } from '../observation.ts';
import type { Track } from './tracker.ts';
import type { WatchedCamera } from './watched-camera.ts';
import { type Zone, zoneName } from './zone.ts';

/** Who is in which zone of which camera, for how long, and what was asked of them. */
export interface Trespass {
  readonly camera: WatchedCamera;
  readonly zone: Zone;
  readonly track: Track;
  readonly at: Date;
  readonly dwellMs: number;
  readonly dwellLimitMs: number;
  readonly minScore: number;
}

const objectNames: ReadonlyMap<string, string> = new Map([
  ['person', '行人'],
  ['bicycle', '自行车'],
  ['motorcycle', '摩托车'],
  ['car', '车辆'],
  ['bus', '客车'],
  ['truck', '货车'],
  ['dog', '动物（犬）'],
  ['horse', '动物（马）'],
  ['sheep', '动物（羊）'],
  ['cow', '动物（牛）'],
]);

/** The same key as long as somebody is in the zone, whoever it is. */
export function zoneKey(camera: string, zone: string): string {
  return `person:${camera}:${zone}`;
}

export function zoneObservation(trespass: Trespass): Observation {
  const { camera, zone, track, at } = trespass;
  const isOnRoad = zone.road !== false;
  return {
    key: zoneKey(camera.id, zone.id),
    kind: isOnRoad ? 'person-on-road' : 'person-in-zone',
    severity: isOnRoad ? 'critical' : 'major',
    at,
    position: camera.position,
    title: `${objectNames.get(track.label) ?? track.label}进入${zoneName(zone)}`,
    reasons: reasonsOf(trespass),
    camera: camera.id,
    area: camera.area,
    road: camera.road,
    stake: camera.stake,
    carriageway: camera.carriageway,
    box: { ...track.box, score: round(track.score, 2) },
  };
}

function reasonsOf({ camera, zone, track, dwellMs, dwellLimitMs, minScore }: Trespass): Reason[] {
  const [dwell, limit] = [round(dwellMs / 1_000, 1), round(dwellLimitMs / 1_000, 1)];
  const score = round(track.score, 2);
  return [
    {
      text: `在${zoneName(zone)}停留 ${dwell} s，门限 ${limit} s`,
      value: dwell,
      limit,
      unit: 's',
      source: camera.name ?? camera.id,
    },
    { text: `模型置信度 ${score}，门限 ${minScore}`, value: score, limit: minScore, source: `检测 ${track.label}` },
  ];
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
