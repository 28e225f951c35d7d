import { type Incident, incidentLimits } from './incident.ts';
import { IncidentFullError } from './incident-errors.ts';
import type { Mover } from './incident-move.ts';

interface Said {
  readonly text: string;
  readonly by: Mover;
  readonly unit?: string | undefined;
}

/** The incident with one more remark of the kind. Fails with `INCIDENT_FULL`. */
export function withRemark(incident: Incident, kind: 'feedback' | 'explanations', { text, by, unit }: Said): Incident {
  if (incident[kind].length >= incidentLimits.remarks) throw new IncidentFullError('remarks', incidentLimits.remarks);
  const remark = { by: by.name, at: by.at, text, ...(unit !== undefined && { unit }) };
  return { ...incident, [kind]: [...incident[kind], remark] };
}
