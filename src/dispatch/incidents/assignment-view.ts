import { type Static, Type } from 'typebox';
import { UnitWay } from '../candidates/unit-way.ts';
import { Assignment } from './assignment.ts';
import { type Incident, incidentPlace, Severity } from './incident.ts';

/** An assignment with what its unit has to know of the incident. */
export const AssignmentView = Type.Object({
  ...Assignment.properties,
  incident: Type.String(),
  kind: Type.String(),
  severity: Severity,
  title: Type.String(),
  text: Type.Optional(Type.String()),
  ...incidentPlace,
  /** To a patrol that has yet to arrive. */
  way: Type.Optional(UnitWay),
});
export type AssignmentView = Readonly<Static<typeof AssignmentView>>;

/** All that the incident has. */
export function assignmentViews(incident: Incident): AssignmentView[] {
  return incident.assignments.flatMap(({ id }) => assignmentView(incident, id) ?? []);
}

/** Undefined when the incident has no such assignment. */
export function assignmentView(incident: Incident | undefined, id: string): AssignmentView | undefined {
  const assignment = incident?.assignments.find((one) => one.id === id);
  if (!incident || !assignment) return undefined;
  const { kind, severity, title, text } = incident;
  const { position, road, stake, carriageway, area, place } = incident;
  return {
    ...assignment,
    incident: incident.id,
    kind,
    severity,
    title,
    ...(text !== undefined && { text }),
    ...(position && { position }),
    ...(road !== undefined && { road }),
    ...(stake !== undefined && { stake }),
    ...(carriageway && { carriageway }),
    ...(area !== undefined && { area }),
    ...(place !== undefined && { place }),
  };
}
