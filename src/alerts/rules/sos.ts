import type { Reason } from '../../shared/reason.ts';
import type { Position } from '../alert.ts';
import type { Observation } from '../observation.ts';

/** A call for help as the terminal sent it. */
export interface SosCall {
  /** The same for every delivery of the same message. */
  readonly key: string;
  readonly device: string;
  readonly at: Date;
  readonly point?: { readonly lat: number; readonly lon: number } | undefined;
  readonly text?: string | undefined;
}

/** What is known of who called. */
export interface SosCaller {
  /** Its call sign, 巡7. */
  readonly name?: string | undefined;
  /** The unit's last position, and when it was reported. */
  readonly last?: { readonly position: Position; readonly at: Date } | undefined;
  /** The middle of its area or, failing that, of the map: an SOS without any position is still shown. */
  readonly center: { readonly lat: number; readonly lon: number };
  readonly area?: string | undefined;
  readonly road?: string | undefined;
  readonly stake?: string | undefined;
  readonly carriageway?: 'up' | 'down' | undefined;
}

const pointErrorMeters = 30;
const centerErrorMeters = 20_000;
/** Nobody on a road goes faster, so the caller is within this of where it last was. */
const fastestMetersPerSecond = 33;

/** Critical, always: nothing in the message can make it less, and no position is too bad to raise it. */
export function sosObservation(call: SosCall, caller: SosCaller): Observation {
  const { position, reason } = whereabouts(call, caller);
  const said: Reason[] = call.text ? [{ text: call.text, source: call.device }] : [];
  const { area, road, stake, carriageway } = caller;
  return {
    key: `sos:${call.key}`,
    kind: 'sos',
    severity: 'critical',
    at: call.at,
    position,
    title: `${caller.name ?? call.device} 求助`,
    reasons: [{ text: '按下求助键', source: call.device }, ...said, reason],
    unit: call.device,
    area,
    road,
    stake,
    carriageway,
  };
}

function whereabouts({ point, at }: SosCall, { last, center }: SosCaller): { position: Position; reason: Reason } {
  if (point) return { position: { ...point, errorMeters: pointErrorMeters }, reason: { text: '位置随求助上报' } };
  if (!last) {
    return { position: { ...center, errorMeters: centerErrorMeters }, reason: { text: '位置未知，取辖区中心' } };
  }
  const ageSeconds = Math.max(0, Math.round((at.getTime() - last.at.getTime()) / 1_000));
  const moved = Math.min(ageSeconds * fastestMetersPerSecond, centerErrorMeters);
  return {
    position: { ...last.position, errorMeters: (last.position.errorMeters ?? pointErrorMeters) + moved },
    reason: { text: `位置为 ${ageSeconds} s 前上报`, value: ageSeconds, unit: 's' },
  };
}
