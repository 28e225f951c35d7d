import { type Static, Type } from 'typebox';
import { type CameraTest, faultsOf, type StandingFault } from './camera-test.ts';
import { shownDrift } from './clock-drift.ts';
import { faultKinds } from './fault.ts';
import type { TestRules } from './self-test-config.ts';

const Time = Type.String({ format: 'date-time' });

/** How well a camera sees what it is there for. */
export const CameraHealth = Type.Object({
  sees: Type.Enum(['well', 'less', 'nothing'], {
    description: 'nothing: black, frozen, covered, or another view than its own',
  }),
  why: Type.Optional(
    Type.Enum(['fog', 'night', ...faultKinds], { description: 'fog and night are no faults of the camera' }),
  ),
  lookedAt: Type.Optional(Time),
  clockSeconds: Type.Optional(
    Type.Integer({ description: 'how far its clock is ahead, where that is more than a little' }),
  ),
});
export type CameraHealth = Readonly<Static<typeof CameraHealth>>;

export const CameraFault = Type.Object({ kind: Type.Enum([...faultKinds]), since: Time, detail: Type.String() });
export type CameraFault = Readonly<Static<typeof CameraFault>>;

/** What a camera's status says of its sight; absent of one that was never looked at. */
export interface SightFields {
  readonly health?: CameraHealth;
  readonly faults?: CameraFault[];
  /** Metres, where the weather ends its sight before its range. */
  readonly seesMeters?: number;
}

export function healthFields(test: CameraTest, rules: TestRules): Pick<SightFields, 'health' | 'faults'> {
  const faults = faultsOf(test);
  if (test.lookedMs === undefined && test.offsetMs === undefined && faults.length === 0) return {};
  const clockSeconds = shownDrift(test.offsetMs, rules);
  const lookedAt = test.lookedMs === undefined ? {} : { lookedAt: new Date(test.lookedMs).toISOString() };
  const health = { ...sightOf(faults, test.limit), ...lookedAt, ...(clockSeconds !== undefined && { clockSeconds }) };
  return { health, ...(faults.length > 0 && { faults: faults.map(written) }) };
}

/** Fog cuts what a camera sees: rounded down, so that a wall is not told of every metre. */
export function seenMeters(range: number | undefined, visibility: number | undefined): number | undefined {
  if (range === undefined || visibility === undefined || visibility >= range) return undefined;
  return visibility < 50 ? Math.floor(visibility) : Math.floor(visibility / 10) * 10;
}

function sightOf(faults: readonly StandingFault[], limit: CameraTest['limit']): Pick<CameraHealth, 'sees' | 'why'> {
  const blind = faults.find(({ kind }) => kind !== 'blurred' && kind !== 'clock');
  if (blind) return { sees: 'nothing', why: blind.kind };
  if (faults.some(({ kind }) => kind === 'blurred')) return { sees: 'less', why: 'blurred' };
  return limit ? { sees: 'less', why: limit } : { sees: 'well' };
}

const written = ({ kind, sinceMs, cause }: StandingFault): CameraFault => ({
  kind,
  since: new Date(sinceMs).toISOString(),
  detail: cause.detail,
});
