import { type Static, Type } from 'typebox';
import { AlertKind, Signature } from '../alert.ts';
import type { Observation } from '../observation.ts';

const Word = Type.String({ minLength: 1, maxLength: 64 });

/** What is to be silent; all of it has to fit. */
const matchers = {
  kind: Type.Optional(AlertKind),
  area: Type.Optional(Word),
  camera: Type.Optional(Word),
  sensor: Type.Optional(Word),
};

const longestMinutes = 1_440;

/** What somebody orders: at least one of kind, area, camera and sensor, and why. */
export const SilenceOrder = Type.Object(
  {
    ...matchers,
    reason: Type.String({ minLength: 1, maxLength: 200 }),
    minutes: Type.Integer({ minimum: 1, maximum: longestMinutes }),
  },
  { additionalProperties: false },
);
export type SilenceOrder = Readonly<Static<typeof SilenceOrder>>;

/** Alerts like these ring nowhere for a while (RFC 3339 times). */
export const Silence = Type.Object({
  id: Type.String(),
  ...matchers,
  reason: Type.String(),
  by: Signature,
  until: Type.String(),
  /** Its time was up, or somebody ended it before. */
  endedAt: Type.Optional(Type.String()),
  endedBy: Type.Optional(Signature),
  /** How many alerts it had kept quiet when it ended. */
  count: Type.Optional(Type.Integer()),
});
export type Silence = Readonly<Static<typeof Silence>>;

/** Where the camera or sensor that an order names stands. */
export type AreaOf = (order: Pick<SilenceOrder, 'camera' | 'sensor'>) => string | undefined;

/** An order of a camera or a sensor is one of its area, to be seen there and nowhere else. */
export function withArea(order: SilenceOrder, areaOf: AreaOf): SilenceOrder {
  const area = order.area ?? areaOf(order);
  return area === undefined ? order : { ...order, area };
}

type Quietable = Pick<Observation, 'kind' | 'severity' | 'area' | 'camera' | 'sensor'>;

/** What is critical and who calls for help is never silenced, whatever was ordered. */
export function silences(silence: Silence, seen: Quietable, now: Date): boolean {
  if (seen.severity === 'critical' || seen.kind === 'sos') return false;
  if (silence.endedAt !== undefined || silence.until <= now.toISOString()) return false;
  const asked = (['kind', 'area', 'camera', 'sensor'] as const).filter((part) => silence[part] !== undefined);
  return asked.every((part) => silence[part] === seen[part]);
}
