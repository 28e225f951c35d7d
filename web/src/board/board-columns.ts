import type { Incident } from '../api/incident-shapes.ts';

export const openColumns = ['take', 'handle', 'report', 'supervise'] as const;
export type OpenColumn = (typeof openColumns)[number];

/** An incident as the board holds it: what a second may change is a number, so that ten thousand are sorted once. */
export interface Card {
  readonly incident: Incident;
  /** Infinity without a limit. */
  readonly dueMs: number;
}

export interface BoardFilter {
  readonly area: string;
  readonly kind: string;
  /** The name of whose work is shown alone. */
  readonly mine: string | undefined;
  readonly text: string;
}

const underWay: ReadonlySet<string> = new Set(['dispatched', 'accepted', 'on_scene']);
const handled: ReadonlySet<string> = new Set(['handled', 'verified']);

/** Where its card lies; what is handled is no longer late. */
export function columnOf({ incident: { state, pressed, escalations }, dueMs }: Card, now: number): OpenColumn {
  if (handled.has(state)) return 'report';
  if (dueMs < now || escalations > 0 || pressed === 'escalate' || pressed === 'demand') return 'supervise';
  return underWay.has(state) ? 'handle' : 'take';
}

/** Open ones that fit the filter, the least time left first: what is overdue stands on top. */
export function cardsOf(incidents: Iterable<Incident>, filter: BoardFilter): Card[] {
  const cards: Card[] = [];
  for (const incident of incidents) {
    if (incident.state === 'closed' || !fits(incident, filter)) continue;
    cards.push({
      incident,
      dueMs: incident.dueAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(incident.dueAt),
    });
  }
  return cards.sort(byTimeLeft);
}

function byTimeLeft(a: Card, b: Card): number {
  if (a.dueMs !== b.dueMs) return a.dueMs < b.dueMs ? -1 : 1;
  return a.incident.id < b.incident.id ? -1 : 1;
}

function fits(incident: Incident, { area, kind, mine, text }: BoardFilter): boolean {
  if (area !== '' && incident.area !== area) return false;
  if (kind !== '' && incident.kind !== kind) return false;
  if (mine !== undefined && !isOf(incident, mine)) return false;
  return text === '' || [incident.title, incident.stake, incident.place].some((part) => part?.includes(text));
}

/** Who sent a unit to it, reported or verified has it. */
function isOf({ assignments, feedback, verifiedBy }: Incident, name: string): boolean {
  return verifiedBy?.name === name || [...assignments, ...feedback].some(({ by }) => by === name);
}

export type Columns = Readonly<Record<OpenColumn, readonly Card[]>>;

/** Sorted cards stay sorted. */
export function columnsOf(cards: readonly Card[], now: number): Columns {
  const columns: Record<OpenColumn, Card[]> = { take: [], handle: [], report: [], supervise: [] };
  for (const card of cards) columns[columnOf(card, now)].push(card);
  return columns;
}

export interface Window {
  readonly first: number;
  readonly last: number;
}

/** Which rows of a long list are worth drawing: those in view and a few around. */
export function windowOf(scrollTop: number, height: number, row: number): Window {
  const around = 4;
  const first = Math.max(0, Math.floor(scrollTop / row) - around);
  return { first, last: Math.ceil((scrollTop + height) / row) + around };
}
