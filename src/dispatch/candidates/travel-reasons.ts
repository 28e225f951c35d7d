import { formatStake } from '../../gis/stake.ts';
import { straightKmh, type Travel } from '../../gis/travel/travel.ts';
import { partsOf, type WayPart } from '../../gis/travel/way.ts';
import type { Reason } from '../../shared/reason.ts';
import { distanceText, durationText, roadText } from './candidate-words.ts';
import type { WantedPlace } from './wanted.ts';

type ByRoad = Extract<Travel, { by: 'road' }>;
type Straight = Extract<Travel, { by: 'straight' }>;

const source = 'roads.geojson';
/** Ways that differ by less make no difference to anybody. */
const worthSayingSeconds = 30;
/** A way is a detour when it is so many times as long as the straight line, and so much longer. */
const detour = { times: 2, meters: 500 } as const;

/** What a unit's way says, in words. `straightMeters` is how far it is as the crow flies. */
export function travelReasons(travel: Travel, place: WantedPlace, straightMeters: number): Reason[] {
  switch (travel.by) {
    case 'road':
      return [wayReason(travel), ...detourReason(travel, place, straightMeters), ...spotReason(travel)];
    case 'straight':
      return [straightReason(travel)];
    case 'none':
      return [{ text: '路网上没有路到现场', source }];
  }
}

/** Over which roads and openings the way leads. */
export function viaReason({ trip }: ByRoad): Reason {
  return { text: `经 ${partsOf(trip.legs()).map(partText).join('、')}`, source };
}

function partText(part: WayPart): string {
  if ('road' in part) return part.ramp ? (part.name ?? `匝道 ${part.road}`) : roadText(part.road, part.carriageway);
  const { stakeMeters, name } = part.opening;
  return `${formatStake(stakeMeters)} 中央分隔带开口${name === undefined ? '' : `（${name}）`}`;
}

function wayReason({ trip: { seconds, meters } }: ByRoad): Reason {
  const text = `沿路 ${distanceText(meters)}，约 ${durationText(seconds)}`;
  return { text, value: Math.round(seconds), unit: 's', source };
}

function detourReason({ trip, from: { line } }: ByRoad, place: WantedPlace, straightMeters: number): Reason[] {
  if (trip.meters < detour.times * straightMeters || trip.meters - straightMeters < detour.meters) return [];
  const isOpposite =
    line.road === place.road &&
    line.carriageway !== undefined &&
    place.carriageway !== undefined &&
    line.carriageway !== place.carriageway;
  const where = isOpposite ? `在对向 ${roadText(line.road, line.carriageway)}，` : '';
  const text = `${where}直线只有 ${distanceText(straightMeters)}，须绕行`;
  return [{ text, value: Math.round(straightMeters), limit: Math.round(trip.meters), unit: 'm' }];
}

function spotReason({ trip, from: { line }, decidedBy, unclear }: ByRoad): Reason[] {
  const isUnclear = unclear && trip.seconds - unclear.atBestSeconds >= worthSayingSeconds;
  if (isUnclear) {
    const whose = { start: '单元', place: '现场', both: '单元和现场' }[unclear.what];
    const best = Math.round(unclear.atBestSeconds);
    const text = `${whose}在哪条路、哪一幅不明，按较远的算；近则 ${durationText(best)}`;
    return [{ text, value: Math.round(trip.seconds), limit: best, unit: 's' }];
  }
  const where = roadText(line.road, line.carriageway);
  if (decidedBy === 'heading') return [{ text: `按航向在 ${where}` }];
  if (decidedBy === 'told') return [{ text: `按此前行驶在 ${where}` }];
  return [];
}

function straightReason({ seconds, meters, offRoad }: Straight): Reason {
  const whose = offRoad === 'place' ? '现场' : '单元';
  const text = `${whose}附近没有路，按直线 ${distanceText(meters)}、${straightKmh} km/h 估 ${durationText(seconds)}`;
  return { text, value: Math.round(seconds), unit: 's' };
}
