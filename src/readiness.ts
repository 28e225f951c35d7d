/** Whether the house can do its work, part by part in a word or two. */
import type { Access } from './access/access.ts';
import type { WarningFeeds } from './alerts/cap/warning-feeds.ts';
import type { RunningDetector } from './alerts/detection/running-detector.ts';
import type { Channels } from './dispatch/channels/channels.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { RunningConfig } from './running-config.ts';

interface Parts {
  readonly access: Access;
  readonly ingest: Ingest;
  readonly detector: RunningDetector;
  readonly running: RunningConfig;
  readonly warnings: WarningFeeds;
  readonly channels: Channels;
}

/** What every wall is told as it happens; whoever may open `/ws` may know it, as `/readyz` tells it to all. */
export function detectorHealth({ isBlind }: Pick<RunningDetector, 'isBlind'>) {
  return { id: 'detector', state: isBlind ? 'blind' : 'ok' } as const;
}

/** A house without sight or with a refused change of its files works on: it says so and is ready. */
export async function readinessOf({ access, ingest, detector, running, warnings, channels }: Parts) {
  const parts = ingest.health().map(({ name, status, message }) => [name, message ?? status]);
  const feeds = [...warnings.health(), ...channels.health()].map(({ name, status }) => [name, status]);
  const known = {
    store: 'ok',
    detector: detectorHealth(detector).state,
    config: running.health,
    ledger: access.ledgerHealth,
    ...(await factors(access)),
  };
  return { ready: true, parts: { ...known, ...Object.fromEntries([...parts, ...feeds]) } };
}

/** The door to everything, with one lock. */
async function factors(access: Access) {
  return (await access.bareAdmins()) > 0 ? { secondFactor: 'an admin has none' } : {};
}
