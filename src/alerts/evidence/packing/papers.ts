import type { Alert } from '../../alert.ts';
import type { Trace } from '../../traces/trace.ts';
import type { EvidenceRequest } from '../requests/evidence-request.ts';
import type { LedgerExcerpt } from './ledger-excerpt.ts';
import type { IncidentPapers, OriginalFile } from './package-sources.ts';

/** An alert with what it was raised from, as far as that is kept. */
export interface AlertPapers {
  readonly alert: Alert;
  readonly trace: Trace | undefined;
  readonly snapshot: Uint8Array | undefined;
}

/** The recorded files of one camera, oldest first. */
export interface CameraPapers {
  readonly camera: string;
  readonly originals: readonly OriginalFile[];
}

/** All that is known of what evidence was asked for. */
export interface Papers {
  readonly request: EvidenceRequest;
  readonly alerts: readonly AlertPapers[];
  readonly incident: IncidentPapers | undefined;
  readonly cameras: readonly CameraPapers[];
}

/** Whose rows of the ledger belong to it. */
export function ledgerObjects({ request, alerts, incident }: Papers): string[] {
  const ids = alerts.map(({ alert: { id } }) => id);
  return [request.id, ...ids, ...ids.map((id) => `alert/${id}`), ...(incident ? [incident.id] : [])];
}

/** Every step of every alert and of the incident, as the ledger has them. */
export function timelineOf({ alerts, incident }: Papers, { rows }: LedgerExcerpt): object {
  const stepsOf = (id: string) =>
    rows
      .filter(({ object }) => object === id)
      .map(({ at, actor, role, action, details }) => ({ at, by: actor, role, action, ...parsed(details) }));
  return {
    alerts: alerts.map(({ alert }) => ({ ...alert, steps: stepsOf(alert.id) })),
    ...(incident && { incident: incident.incident, steps: incident.timeline }),
  };
}

/** Why each alert was raised: what was seen and measured, and what the rules asked for. */
export function reasonsOf({ alerts }: Papers): object {
  return alerts.map(({ alert, trace }) => {
    const { id, kind, severity, title, at, camera, sensor, reasons, why, box } = alert;
    return { id, kind, severity, title, at, camera, sensor, reasons, why, box, trace };
  });
}

/** What is recorded of each camera: where pictures are missing and why, and how far its clock was off. */
export function footageOf({ cameras, request }: Papers): object {
  return cameras.map(({ camera, originals }) => ({
    camera,
    from: request.from,
    to: request.to,
    files: originals.map(({ recording }) => {
      const { file, startedAt, endedAt, codec, gapBefore, holes, cameraClockOffsetMs } = recording;
      return { file, startedAt, endedAt, codec, gapBefore, holes, cameraClockOffsetMs };
    }),
  }));
}

function parsed(details: string | null): object {
  return details === null ? {} : { details: JSON.parse(details) };
}
