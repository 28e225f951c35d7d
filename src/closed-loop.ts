import type { AlertDesk } from './alerts/desk.ts';
import type { Config } from './config.ts';
import { Candidates } from './dispatch/candidates/candidates.ts';
import type { Downlink } from './dispatch/downlink/downlink.ts';
import { Incidents } from './dispatch/incidents/incidents.ts';
import type { UnitBoard } from './dispatch/unit-board.ts';
import type { Ground } from './ground.ts';
import { alertSource } from './incident-alerts.ts';
import type { Log } from './shared/log.ts';
import type { Store } from './store/store.ts';

interface LoopParts {
  readonly config: Config;
  readonly store: Store;
  readonly desk: AlertDesk;
  readonly board: UnitBoard;
  readonly downlink: Downlink;
  readonly ground: Ground;
}

/** Incidents, and who is the nearest to them by road. */
export function buildClosedLoop({ config, desk, ground, ...parts }: LoopParts, log: Log): Incidents {
  const { board, store, downlink } = parts;
  return new Incidents({
    ...{ store, board, downlink, find: ground.find, log: log.child({ slice: 'dispatch' }) },
    responsibility: config.responsibility,
    alerts: alertSource(desk, (terminal) => board.ofTerminal(terminal)?.id),
    candidates: new Candidates({ units: () => board.sendables(), graph: ground.graph }),
  });
}
