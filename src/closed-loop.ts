import type { AlertDesk } from './alerts/desk.ts';
import type { Config } from './config.ts';
import { Candidates } from './dispatch/candidates/candidates.ts';
import { Channels } from './dispatch/channels/channels.ts';
import type { Downlink } from './dispatch/downlink/downlink.ts';
import { Incidents } from './dispatch/incidents/incidents.ts';
import type { IncidentPlans } from './dispatch/plans/incident-plans.ts';
import type { PlanDesk } from './dispatch/plans/plan-desk.ts';
import type { UnitBoard } from './dispatch/unit-board.ts';
import type { Ground } from './ground.ts';
import { alertSource } from './incident-alerts.ts';
import type { Ingest } from './ingest/ingest.ts';
import { buildPlanDesk, buildPlans } from './plans.ts';
import type { BeginDeed } from './shared/deed.ts';
import type { Log } from './shared/log.ts';
import type { Store } from './store/store.ts';
import type { Video } from './streams/video.ts';

interface LoopParts {
  readonly config: Config;
  readonly store: Store;
  /** Where the keys of Web Push lie. */
  readonly dataDir: string;
  readonly desk: AlertDesk;
  readonly board: UnitBoard;
  readonly downlink: Downlink;
  readonly ground: Ground;
  readonly ingest: Ingest;
  readonly video: () => Video;
  readonly begin: BeginDeed;
}

export interface ClosedLoop {
  readonly incidents: Incidents;
  readonly plans: IncidentPlans;
  readonly planDesk: PlanDesk;
  readonly channels: Channels;
}

/** Incidents, their plans, who is the nearest to them by road, and who outside is told. */
export function buildClosedLoop({ config, desk, ground, ...parts }: LoopParts, log: Log): ClosedLoop {
  const { board, store, downlink, ingest, video, begin, dataDir } = parts;
  const ownLog = log.child({ slice: 'dispatch' });
  const plans = buildPlans({ config, ingest, cameras: () => video().streams.configs() });
  const incidents = new Incidents({
    ...{ store, board, downlink, find: ground.find, plans, log: ownLog },
    responsibility: config.responsibility,
    alerts: alertSource(desk, (terminal) => board.ofTerminal(terminal)?.id),
    candidates: new Candidates({
      ...{ units: () => board.sendables(), graph: ground.graph },
      areaName: (id) => ground.areas.nameOf(id),
    }),
  });
  const channels = new Channels({ config: config.tianliang.channels, store, dataDir, log: ownLog });
  const planDesk = buildPlanDesk({ store, incidents, plans, video, begin, log: ownLog });
  return { incidents, plans, planDesk, channels };
}
