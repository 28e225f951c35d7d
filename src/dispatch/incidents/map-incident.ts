import type { GeoPoint } from '../../gis/point.ts';
import type { IncidentMark } from '../../store/incidents-repository.ts';

/** As much of an incident as a mark on the map says. */
export interface MapIncident
  extends Pick<IncidentMark, 'id' | 'version' | 'kind' | 'severity' | 'state' | 'title' | 'at'> {
  readonly position: GeoPoint | undefined;
  readonly area?: string;
  readonly department?: string;
  readonly dueAt?: string;
}

export function mapIncident({ lat, lon, area, department, due_at: dueAt, ...core }: IncidentMark): MapIncident {
  return {
    ...core,
    position: lat === null || lon === null ? undefined : { lat, lon },
    ...(area !== null && { area }),
    ...(department !== null && { department }),
    ...(dueAt !== null && { dueAt }),
  };
}
