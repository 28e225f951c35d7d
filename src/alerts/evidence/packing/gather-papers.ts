import { systemActor } from '../../../shared/actor.ts';
import { AppError } from '../../../shared/app-error.ts';
import type { Alert } from '../../alert.ts';
import type { AlertDesk } from '../../desk.ts';
import type { EvidenceRequest } from '../requests/evidence-request.ts';
import type { PackageSources } from './package-sources.ts';
import type { AlertPapers, CameraPapers, Papers } from './papers.ts';

/** More was recorded of it than one package may hold. */
export class EvidenceTooLargeError extends AppError {
  readonly code = 'EVIDENCE_TOO_LARGE';
  override readonly statusCode = 413;

  constructor(bytes: number, most: number) {
    const [found, limit] = [bytes, most].map((size) => Math.ceil(size / 1024 / 1024));
    super(`${found} MiB were recorded and a package holds ${limit} MiB: ask for less time or fewer cameras`);
  }
}

export interface Archive {
  readonly alerts: Pick<AlertDesk, 'get' | 'trace' | 'snapshot'>;
  readonly sources: PackageSources;
  readonly mostBytes: number;
}

const mostAlerts = 100;

/**
 * All that is known of what was asked for: whoever may have the evidence of an incident may have that of its alerts. No
 * recording is read yet. Fails with `EVIDENCE_TOO_LARGE`.
 */
export async function gatherPapers(request: EvidenceRequest, archive: Archive): Promise<Papers> {
  const { sources, mostBytes } = archive;
  const cameras = await footageOf(request, sources);
  const bytes = cameras.flatMap(({ originals }) => originals).reduce((sum, { recording }) => sum + recording.bytes, 0);
  if (bytes > mostBytes) throw new EvidenceTooLargeError(bytes, mostBytes);
  const asked = request.alert === undefined ? [] : await alertsOf([request.alert], archive);
  const id = request.incident ?? asked[0]?.incident;
  const incident = id === undefined ? undefined : await ifThere(() => sources.incident(id, systemActor));
  const alerts = request.alert === undefined ? await alertsOf(incident?.alerts ?? [], archive) : asked;
  const papers: AlertPapers[] = [];
  for (const alert of alerts) papers.push(await alertPapers(alert, archive));
  return { request, cameras, incident, alerts: papers };
}

async function footageOf(
  { cameras, ...span }: EvidenceRequest,
  { originals }: PackageSources,
): Promise<CameraPapers[]> {
  const papers: CameraPapers[] = [];
  for (const camera of cameras) papers.push({ camera, originals: await originals({ camera, ...times(span) }) });
  return papers;
}

/** The alerts, and what each consists of. */
async function alertsOf(ids: readonly string[], { alerts }: Archive): Promise<Alert[]> {
  const found: Alert[] = [];
  const wanted = [...ids];
  for (const id of wanted) {
    if (found.length >= mostAlerts) break;
    const alert = await ifThere(() => alerts.get(id));
    if (alert) found.push(alert);
    wanted.push(...(alert?.mergedFrom ?? []).filter((part) => !wanted.includes(part)));
  }
  return found;
}

async function alertPapers(alert: Alert, { alerts }: Archive): Promise<AlertPapers> {
  const trace = await ifThere(() => alerts.trace(alert.id));
  return { alert, trace, snapshot: await ifThere(() => alerts.snapshot(alert.id)) };
}

export const times = ({ from, to }: { readonly from: string; readonly to: string }) => ({
  from: new Date(from),
  to: new Date(to),
});

/** What is not kept (any more) is left out. */
async function ifThere<T>(find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof AppError && error.statusCode === 404) return undefined;
    throw error;
  }
}
