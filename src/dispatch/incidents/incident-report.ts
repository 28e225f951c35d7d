import { randomUUIDv7 } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { Whereabouts } from '../../gis/place.ts';
import { GeoPoint } from '../../gis/point.ts';
import { Carriageway } from '../../gis/road-feature.ts';
import type { PlaceFinder } from '../unit-state.ts';
import { IncidentSource, incidentLimits, Severity } from './incident.ts';
import type { NewIncident } from './incident-tx.ts';

const Line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });

/** What somebody reports, by API or by a form. */
export const IncidentReport = Type.Object(
  {
    source: IncidentSource,
    kind: Line(64),
    title: Line(200),
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 4_000 })),
    /** When it was seen; now, when it is left out. */
    at: Type.Optional(Type.String({ format: 'date-time' })),
    severity: Type.Optional(Severity),
    position: Type.Optional(GeoPoint),
    road: Type.Optional(Line(64)),
    stake: Type.Optional(Line(32)),
    carriageway: Type.Optional(Carriageway),
    area: Type.Optional(Line(64)),
    place: Type.Optional(Line(200)),
    owner: Type.Optional(Line(64)),
    /** The same number of the same source is the same incident. */
    reference: Type.Optional(Line(64)),
    alerts: Type.Array(Type.String({ maxLength: 64 }), { default: [], maxItems: incidentLimits.alerts }),
  },
  { additionalProperties: false },
);
export type IncidentReport = Readonly<Static<typeof IncidentReport>>;

/** A report with what nobody says, because the system knows it. */
export interface KnownReport extends IncidentReport {
  readonly caller?: string | undefined;
}

/** The report as an incident that nobody has taken yet. */
export function newIncident(report: KnownReport, { find, now }: { find: PlaceFinder; now: Date }): NewIncident {
  const { source, kind, title, text, severity = 'minor', place, owner, reference, alerts, caller } = report;
  const at = new Date(Math.min(now.getTime(), Date.parse(report.at ?? now.toISOString()))).toISOString();
  return {
    id: randomUUIDv7(),
    source,
    kind,
    severity,
    state: 'received',
    title,
    at,
    ...find(whereabouts(report)),
    ...(text !== undefined && { text }),
    ...(place !== undefined && { place }),
    ...(owner !== undefined && { owner }),
    ...(reference !== undefined && { reference }),
    ...(caller !== undefined && { caller }),
    alerts: [...alerts],
    reasons: [],
    escalations: 0,
    explanations: [],
    assignments: [],
    feedback: [],
    photos: [],
    reopened: 0,
    mergedFrom: [],
    times: { received: now.toISOString() },
  };
}

function whereabouts({ position, road, stake, carriageway, area }: IncidentReport): Whereabouts {
  return {
    ...(position && { position }),
    ...(road !== undefined && { road }),
    ...(stake !== undefined && { stake }),
    ...(carriageway !== undefined && { carriageway }),
    ...(area !== undefined && { area }),
  };
}
