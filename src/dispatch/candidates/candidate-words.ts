import type { Carriageway } from '../../gis/road-feature.ts';
import type { UnitKind } from '../unit.ts';

export const kindNames: Readonly<Record<UnitKind, string>> = {
  patrol: '巡逻',
  road: '路政',
  rescue: '救援',
  maintenance: '养护',
};

const sideNames: Readonly<Record<Carriageway, string>> = { up: '上行', down: '下行' };

/** `G76 下行`; a road without sides by its number alone. */
export function roadText(road: string, carriageway: Carriageway | undefined): string {
  return carriageway ? `${road} ${sideNames[carriageway]}` : road;
}

/** `42秒`, `4分16秒`, `1小时5分`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${hours}小时${minutes}分`;
  return minutes > 0 ? `${minutes}分${rest}秒` : `${rest}秒`;
}

/** `520 m`, `6.4 km`. */
export function distanceText(meters: number): string {
  return Math.round(meters) < 1_000 ? `${Math.round(meters)} m` : `${(meters / 1_000).toFixed(1)} km`;
}
