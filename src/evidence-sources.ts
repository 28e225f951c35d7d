/** What the house knows of an alert or an incident, as evidence asks for it. */
import type { IncidentPapers, MeasuredAround, PackageSources } from './alerts/evidence/packing/package-sources.ts';
import type { Series } from './alerts/traces/trace.ts';
import type { Assignment } from './dispatch/incidents/assignment.ts';
import type { Incident } from './dispatch/incidents/incident.ts';
import type { IncidentBook } from './dispatch/incidents/incident-book.ts';
import type { UnitBoard } from './dispatch/unit-board.ts';
import { joinTrack, type SeriesRow } from './dispatch/unit-tracks.ts';
import { distanceMeters } from './gis/distance.ts';
import type { Device } from './ingest/device.ts';
import type { Ingest } from './ingest/ingest.ts';
import { mostRows } from './ingest/telemetry/telemetry-store.ts';
import { isSensor } from './placing.ts';
import type { Actor } from './shared/actor.ts';
import type { Recorder } from './streams/recorder/recorder.ts';

export interface EvidenceHouse {
  readonly recorder: Pick<Recorder, 'originals' | 'clip'>;
  readonly book: Pick<IncidentBook, 'get' | 'timeline' | 'photo'>;
  readonly units: Pick<UnitBoard, 'terminalOf'>;
  readonly ingest: Pick<Ingest, 'query'> & { readonly registry: Pick<Ingest['registry'], 'list'> };
}

/** A sensor so near measured what was there. */
const nearMeters = 3_000;
const mostSensors = 20;
const mostSeries = 100;
/** Of one measure: an hour of a value a second goes in whole. */
const mostPoints = 4 * mostRows;
const longestAssignmentMs = 31 * 86_400_000;

export function evidenceSources({ recorder, book, units, ingest }: EvidenceHouse): PackageSources {
  return {
    originals: (span) => recorder.originals(span),
    clip: (span) => recorder.clip(span),
    incident: (id, actor) => incidentPapers(book, { units, ingest }, { id, actor }),
    photo: (incident, photo, actor) => book.photo(incident, photo, actor),
    measured: (around) => measured(ingest, around),
  };
}

type Ways = Pick<EvidenceHouse, 'units' | 'ingest'>;

async function incidentPapers(
  book: EvidenceHouse['book'],
  ways: Ways,
  { id, actor }: { readonly id: string; readonly actor: Actor },
): Promise<IncidentPapers> {
  const incident = await book.get(id, actor);
  const timeline = await book.timeline(id, actor);
  return {
    id,
    incident,
    timeline,
    alerts: incident.alerts,
    photos: incident.photos,
    tracks: await tracksOf(incident, ways),
  };
}

/** Of each unit that was sent, from then until it was done, declined or taken back: where else it was is nobody's business. */
async function tracksOf({ assignments }: Incident, { units, ingest }: Ways): Promise<object[]> {
  const found: object[] = [];
  for (const assignment of assignments) {
    const { from, to } = boundSpan(assignment, new Date());
    const device = units.terminalOf(assignment.unit) ?? assignment.unit;
    const lats = await rowsOf(ingest, { device, measurement: 'lat', from, to });
    const lons = await rowsOf(ingest, { device, measurement: 'lon', from, to });
    found.push({ assignment: assignment.id, unit: assignment.unit, from, to, points: joinTrack(lats, lons) });
  }
  return found;
}

/** While the unit was bound by it. */
export function boundSpan({ at, times }: Assignment, now: Date): { from: Date; to: Date } {
  const from = new Date(at);
  const end = times.completed ?? times.declined ?? times.recalled ?? now.toISOString();
  const toMs = Math.min(Math.max(Date.parse(end), from.getTime() + 1), from.getTime() + longestAssignmentMs);
  return { from, to: new Date(toMs) };
}

/** Every measure of the sensors that told of it, and of those beside it. */
async function measured(ingest: EvidenceHouse['ingest'], around: MeasuredAround): Promise<Series[]> {
  const sensors = ingest.registry.list().filter((device) => isSensor(device) && isBeside(device, around));
  const wanted = sensors
    .slice(0, mostSensors)
    .flatMap(({ id, values = {} }) => Object.keys(values).map((measure) => ({ sensor: id, measure })));
  const series: Series[] = [];
  for (const one of wanted.slice(0, mostSeries)) {
    const points = await pointsOf(ingest, { ...one, ...around });
    if (points.length > 0) series.push({ ...one, points });
  }
  return series;
}

function isBeside({ id, position }: Device, around: MeasuredAround): boolean {
  if (around.sensors.includes(id)) return true;
  return (
    position !== undefined && around.position !== undefined && distanceMeters(position, around.position) <= nearMeters
  );
}

async function pointsOf(
  ingest: EvidenceHouse['ingest'],
  { sensor: device, measure: measurement, from, to }: { sensor: string; measure: string; from: Date; to: Date },
): Promise<Series['points']> {
  const rows = await rowsOf(ingest, { device, measurement, from, to });
  return rows.flatMap((row) => ('value' in row ? [[row.at - from.getTime(), row.value]] : []));
}

/** Every value as it was said, page by page, the first `mostPoints` of them. */
async function rowsOf(
  ingest: EvidenceHouse['ingest'],
  { from, to, ...of }: { device: string; measurement: string; from: Date; to: Date },
): Promise<SeriesRow[]> {
  const found: SeriesRow[] = [];
  let after = from.getTime();
  while (found.length < mostPoints) {
    const rows = await ingest.query({ ...of, from: after, to: to.getTime(), limit: mostRows });
    found.push(...rows);
    const last = rows.at(-1);
    if (rows.length < mostRows || !last) break;
    after = last.at + 1;
  }
  return found;
}
