import type { Sight } from '../../gis/travel/road-spot.ts';
import type { WeeklyHours } from '../../shared/weekly-hours.ts';
import type { UnitKind, UnitStatus } from '../unit.ts';
import { isMoving, type UnitState } from '../unit-state.ts';

/** A unit as it is looked at when somebody has to be sent. */
export interface Sendable {
  readonly id: string;
  readonly kind: UnitKind;
  readonly status: UnitStatus;
  readonly online: boolean;
  readonly skills: readonly string[];
  readonly area?: string;
  readonly shift?: WeeklyHours;
  /** Where it was last, and when. */
  readonly seen?: { readonly sight: Sight; readonly at: Date };
}

export function sendableOf({ config, status, online, place, track, heading, drove }: UnitState): Sendable {
  const { id, kind, skills, shift } = config;
  const area = config.area ?? place.area;
  const { fix } = track;
  const told = place.road !== undefined && drove ? { road: place.road, carriageway: drove } : undefined;
  return {
    id,
    kind,
    status,
    online,
    skills,
    ...(area !== undefined && { area }),
    ...(shift && { shift }),
    ...(fix && {
      seen: {
        at: fix.at,
        sight: {
          point: fix.point,
          ...(heading !== undefined && isMoving(fix) && { heading }),
          ...(fix.accuracy !== undefined && { errorMeters: fix.accuracy }),
          ...(told && { told }),
        },
      },
    }),
  };
}
