import { type Actor, maySee, systemActor } from '../../shared/actor.ts';
import { assignmentsPage } from '../../store/assignments-repository.ts';
import {
  type Box,
  type DepartmentLoad,
  departmentLoads,
  type IncidentFilter,
  incidentById,
  incidentsNear,
  listIncidents,
  markIncidents,
  photoOf,
} from '../../store/incidents-repository.ts';
import { ledgerOf } from '../../store/ledger-repository.ts';
import type { Store } from '../../store/store.ts';
import { type AssignmentView, assignmentView } from './assignment-view.ts';
import { seenBy } from './command.ts';
import type { Incident, IncidentSource, IncidentStateName, Severity, Similar } from './incident.ts';
import { PhotoNotFoundError } from './incident-errors.ts';
import { parsed } from './incident-tx.ts';
import { type MapIncident, mapIncident } from './map-incident.ts';
import { type Sighting, searchAround, similarTo } from './similar.ts';
import { type TimelineEntry, timelineEntry } from './timeline.ts';

export interface IncidentQuery {
  readonly state?: readonly IncidentStateName[] | undefined;
  readonly kind?: readonly string[] | undefined;
  readonly severity?: readonly Severity[] | undefined;
  readonly source?: readonly IncidentSource[] | undefined;
  readonly area?: string | undefined;
  readonly department?: string | undefined;
  readonly bbox?: Box | undefined;
  readonly overdue?: boolean | undefined;
  readonly q?: string | undefined;
  /** The `next` of the page before. */
  readonly cursor?: string | undefined;
  /** At most 1000. */
  readonly limit?: number | undefined;
}

export interface Page<T> {
  readonly items: T[];
  /** Left out on the last page. */
  readonly next?: string;
}

export interface AssignmentQuery {
  readonly open?: boolean | undefined;
  readonly unit?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export const defaultPage = 100;
export const largestPage = 1_000;
const openStates = ['received', 'assigned', 'dispatched', 'accepted', 'on_scene', 'handled', 'verified'] as const;

/** What is known of incidents, to those who may see it. */
export class IncidentBook {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Fails with `INCIDENT_NOT_FOUND`. */
  async get(id: string, actor: Actor = systemActor): Promise<Incident> {
    return seenBy(actor, id, parsed(await incidentById(this.#store.db, id)));
  }

  /** All that was done with it, oldest first: its rows of the ledger. */
  async timeline(id: string, actor: Actor): Promise<TimelineEntry[]> {
    await this.get(id, actor);
    return (await ledgerOf(this.#store.db, id, largestPage)).map(timelineEntry);
  }

  /** Newest first. */
  async list(query: IncidentQuery = {}, actor: Actor = systemActor): Promise<Page<Incident>> {
    const filter = filterOf(query, actor);
    const rows = await listIncidents(this.#store.db, filter);
    const items = rows.flatMap((data) => parsed(data) ?? []);
    const last = items.at(-1);
    return items.length === filter.limit && last ? { items, next: last.id } : { items };
  }

  /** What is not closed, newest first, at most 1000: the snapshot of a seat. */
  async open(actor: Actor = systemActor): Promise<Incident[]> {
    return (await this.list({ state: openStates, limit: largestPage }, actor)).items;
  }

  /** What the map shows: the newest 1000, unless asked otherwise those that are not closed. */
  async onMap(query: IncidentQuery, actor: Actor): Promise<MapIncident[]> {
    const filter = filterOf({ state: openStates, ...query, limit: largestPage }, actor);
    return (await markIncidents(this.#store.db, filter)).map(mapIncident);
  }

  /** Open incidents that a report might be the same as. */
  async similar(sighting: Sighting, actor: Actor): Promise<Similar[]> {
    const near = await incidentsNear(this.#store.db, { ...searchAround(sighting), limit: 100 });
    const seen = near.flatMap((data) => parsed(data) ?? []).filter(({ area }) => maySee(actor, area));
    return similarTo(sighting, seen);
  }

  /** Newest first; a patrol sees those of its own unit, wherever they lead. */
  async assignments(query: AssignmentQuery, actor: Actor): Promise<Page<AssignmentView>> {
    const { open, cursor: before, limit = defaultPage } = query;
    const isPatrol = actor.role === 'patrol';
    if (isPatrol && actor.unit === undefined) return { items: [] };
    const whose = isPatrol ? { unit: actor.unit, areas: 'all' as const } : { unit: query.unit, areas: actor.areas };
    const rows = await assignmentsPage(this.#store.db, { ...whose, open, before, limit });
    const items = rows.flatMap(({ id, data }) => assignmentView(parsed(data), id) ?? []);
    const last = rows.at(-1);
    return rows.length === limit && last ? { items, next: last.id } : { items };
  }

  /** What binds the unit that the actor speaks for. */
  async ownAssignments({ unit }: Actor): Promise<AssignmentView[]> {
    if (unit === undefined) return [];
    const rows = await assignmentsPage(this.#store.db, { unit, areas: 'all', open: true, limit: defaultPage });
    return rows.flatMap(({ id, data }) => assignmentView(parsed(data), id) ?? []);
  }

  /** Unhandled and overdue work of each department. */
  loads(actor: Actor, now = new Date()): Promise<DepartmentLoad[]> {
    return departmentLoads(this.#store.db, { now, areas: actor.areas });
  }

  /** JPEG. Fails with `INCIDENT_NOT_FOUND` or `PHOTO_NOT_FOUND`. */
  async photo(id: string, photo: string, actor: Actor): Promise<Uint8Array> {
    await this.get(id, actor);
    const jpeg = await photoOf(this.#store.db, id, photo);
    if (!jpeg) throw new PhotoNotFoundError(photo);
    return jpeg;
  }
}

/** The query as the database understands it, narrowed to what the actor may see. */
function filterOf(query: IncidentQuery, actor: Actor): IncidentFilter {
  return {
    states: query.state,
    kinds: query.kind,
    severities: query.severity,
    sources: query.source,
    area: query.area,
    department: query.department,
    areas: actor.areas,
    box: query.bbox,
    overdueAt: query.overdue ? new Date() : undefined,
    text: query.q === '' ? undefined : query.q,
    before: query.cursor,
    limit: Math.min(query.limit ?? defaultPage, largestPage),
  };
}
