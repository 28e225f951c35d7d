import type { Access } from './access/access.ts';
import type { AlertDesk } from './alerts/desk.ts';
import { Evidence } from './alerts/evidence/evidence.ts';
import type { Incidents } from './dispatch/incidents/incidents.ts';
import type { UnitBoard } from './dispatch/unit-board.ts';
import { evidenceSources } from './evidence-sources.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { BeginDeed } from './shared/deed.ts';
import type { Log } from './shared/log.ts';
import type { Store } from './store/store.ts';
import type { Video } from './streams/video.ts';

interface EvidenceParts {
  readonly store: Store;
  readonly begin: BeginDeed;
  readonly access: Pick<Access, 'signRow'>;
  readonly desk: AlertDesk;
  readonly video: Video;
  readonly incidents: Incidents;
  readonly units: UnitBoard;
  readonly ingest: Ingest;
}

interface EvidencePlaces {
  readonly dataDir: string;
  readonly ffmpegPath: string;
}

/** Evidence of what all the slices know. */
export function buildEvidence(parts: EvidenceParts, { dataDir, ffmpegPath }: EvidencePlaces, log: Log): Evidence {
  const { store, begin, access, desk, video, incidents, units, ingest } = parts;
  const { book } = incidents;
  return new Evidence({
    ...{ store, begin, alerts: desk, dataDirectory: dataDir, ffmpegPath, log: log.child({ slice: 'evidence' }) },
    signRow: ({ row: id, hash }) => access.signRow({ id, hash }),
    incident: async (id, actor) => {
      const { area, at, closedBy, alerts } = await book.get(id, actor);
      return { area, at, until: closedBy?.at, alerts };
    },
    camera: (id) => video.streams.status(id),
    sources: evidenceSources({ recorder: video.recorder, book, units, ingest }),
  });
}
