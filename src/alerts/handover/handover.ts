import { type Static, Type } from 'typebox';
import { type Alert, Severity, Signature } from '../alert.ts';
import { Silence } from '../silences/silence.ts';

const AlertBrief = Type.Object({
  id: Type.String(),
  title: Type.String(),
  severity: Severity,
  at: Type.String(),
  dueAt: Type.Optional(Type.String()),
  snoozedUntil: Type.Optional(Type.String()),
});
type AlertBrief = Static<typeof AlertBrief>;

/** As much of an incident as the next shift has to know. */
export const IncidentBrief = Type.Object({
  id: Type.String(),
  title: Type.String(),
  severity: Severity,
  state: Type.String(),
  at: Type.String(),
  dueAt: Type.Optional(Type.String()),
  department: Type.Optional(Type.String()),
  units: Type.Array(Type.String()),
});
export type IncidentBrief = Readonly<Static<typeof IncidentBrief>>;

/** A camera that shows nothing now. */
export const BlindCamera = Type.Object({ id: Type.String(), name: Type.String(), since: Type.Optional(Type.String()) });
export type BlindCamera = Readonly<Static<typeof BlindCamera>>;

/** Of each sort the most urgent so many, and how many there are. */
export const mostNamed = 200;
const Some = <T extends typeof AlertBrief | typeof IncidentBrief | typeof BlindCamera | typeof Silence>(one: T) =>
  Type.Object({ total: Type.Integer(), items: Type.Array(one) });

/** What was open when the shift ended. */
export const OpenWork = Type.Object({
  untaken: Some(AlertBrief),
  /** Taken by the giver; the taker has them once both have signed. */
  owned: Some(AlertBrief),
  incidents: Some(IncidentBrief),
  /** Of all of these, what is past its time. */
  overdue: Type.Integer(),
  silences: Some(Silence),
  blind: Some(BlindCamera),
});
export type OpenWork = Readonly<Static<typeof OpenWork>>;

/** One shift to the next (交接班), signed by both. */
export const Handover = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  state: Type.Enum(['given', 'signed']),
  giver: Signature,
  /** Whom it is meant for; anybody else may not take it. */
  to: Type.Optional(Type.String()),
  taker: Type.Optional(Signature),
  notes: Type.String(),
  /** The giver's: who takes it has to have them all. */
  areas: Type.Union([Type.Literal('all'), Type.Array(Type.String())]),
  work: OpenWork,
  /** Alerts that have gone over to the taker. */
  moved: Type.Optional(Type.Integer()),
});
export type Handover = Readonly<Static<typeof Handover>>;

/** What is open, as whoever knows it says it. */
export interface WorkFacts {
  readonly alerts: readonly Alert[];
  readonly incidents: readonly IncidentBrief[];
  readonly silences: readonly Silence[];
  readonly blind: readonly BlindCamera[];
}

export function openWork({ alerts, incidents, silences, blind }: WorkFacts, giver: string, now: Date): OpenWork {
  const untaken = alerts.filter(({ state }) => state === 'raised').map(briefOf);
  const owned = alerts.filter(({ acknowledgedBy }) => acknowledgedBy?.id === giver).map(briefOf);
  const isOverdue = ({ dueAt }: { dueAt?: string | undefined }) => dueAt !== undefined && dueAt < now.toISOString();
  const overdue = [...untaken, ...owned, ...incidents].filter(isOverdue).length;
  return {
    untaken: some(untaken),
    owned: some(owned),
    incidents: some(incidents),
    overdue,
    silences: some(silences),
    blind: some(blind),
  };
}

const some = <T>(all: readonly T[]) => ({ total: all.length, items: all.slice(0, mostNamed) });

function briefOf({ id, title, severity, at, dueAt, snoozedUntil }: Alert): AlertBrief {
  return {
    ...{ id, title, severity, at },
    ...(dueAt !== undefined && { dueAt }),
    ...(snoozedUntil !== undefined && { snoozedUntil }),
  };
}
