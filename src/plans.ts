/** Plans (预案) as the house has them: what they ask of cameras and stations, and who keeps them going. */
import type { Config } from './config.ts';
import type { Incidents } from './dispatch/incidents/incidents.ts';
import { IncidentPlans } from './dispatch/plans/incident-plans.ts';
import { PlanDesk } from './dispatch/plans/plan-desk.ts';
import { distanceMeters } from './gis/distance.ts';
import type { GeoPoint } from './gis/point.ts';
import type { Ingest } from './ingest/ingest.ts';
import { systemActor } from './shared/actor.ts';
import { type BeginDeed, perform } from './shared/deed.ts';
import type { Log } from './shared/log.ts';
import type { Store } from './store/store.ts';
import type { CameraConfig } from './streams/resolve-cameras.ts';
import type { Video } from './streams/video.ts';
import { weatherNear } from './weather-near.ts';

interface PlanParts {
  readonly config: Pick<Config, 'plans'>;
  readonly ingest: Pick<Ingest, 'registry'>;
  /** As they are configured at that moment. */
  readonly cameras: () => readonly CameraConfig[];
}

export function buildPlans({ config, ingest, cameras }: PlanParts): IncidentPlans {
  return new IncidentPlans({
    plans: config.plans,
    camerasNear: (place, count) => nearest(cameras(), place).slice(0, count),
    visibilityAt: (place, now) => weatherNear(ingest.registry.list(), place, now)?.visibility,
  });
}

interface DeskParts {
  readonly store: Store;
  readonly incidents: Incidents;
  readonly plans: IncidentPlans;
  readonly video: () => Video;
  readonly begin: BeginDeed;
  readonly log: Log;
}

export function buildPlanDesk({ store, incidents, plans, video, begin, log }: DeskParts): PlanDesk {
  return new PlanDesk({
    ...{ store, plans, records: incidents.records, log },
    // What cannot be told of is not done (T40).
    steer: async ({ camera, preset, incident }) => {
      const details = { preset, incident };
      const deed = { actor: systemActor, action: 'camera.ptz', object: `camera/${camera}`, details };
      await perform(begin(deed), () => video().tools.ptz(camera, { preset }));
    },
  });
}

function nearest(cameras: readonly CameraConfig[], place: GeoPoint): string[] {
  const placed = cameras.flatMap(({ id, position }) =>
    position ? [{ id, meters: distanceMeters(position, place) }] : [],
  );
  return placed.toSorted((a, b) => a.meters - b.meters).map(({ id }) => id);
}
