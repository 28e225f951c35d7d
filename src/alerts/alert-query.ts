import type { Actor } from '../shared/actor.ts';
import type { AlertFilter } from '../store/alerts-repository.ts';
import type { Alert, AlertKind, AlertStateName, Severity } from './alert.ts';

export interface AlertQuery {
  readonly state?: readonly AlertStateName[] | undefined;
  readonly kind?: readonly AlertKind[] | undefined;
  readonly severity?: readonly Severity[] | undefined;
  readonly area?: string | undefined;
  readonly q?: string | undefined;
  /** Id of a silence: what it has kept quiet, which nothing else lists. */
  readonly silence?: string | undefined;
  /** The `next` of the page before. */
  readonly cursor?: string | undefined;
  /** At most 1000. */
  readonly limit?: number | undefined;
}

export interface AlertPage {
  readonly items: Alert[];
  /** Left out on the last page. */
  readonly next?: string;
}

export const defaultPage = 100;
export const largestPage = 1_000;

/** The query as the database understands it, narrowed to what the actor may see. */
export function filterOf(query: AlertQuery, actor: Actor): AlertFilter {
  return {
    states: query.state,
    kinds: query.kind,
    severities: query.severity,
    area: query.area,
    areas: actor.areas,
    text: query.q === '' ? undefined : query.q,
    before: query.cursor,
    silence: query.silence,
    limit: Math.min(query.limit ?? defaultPage, largestPage),
  };
}
