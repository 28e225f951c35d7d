import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { maySee } from '../../../shared/actor.ts';
import type { PushReader } from '../../../store/push-repository.ts';
import { AssignmentStateName } from '../../incidents/assignment.ts';
import type { Notice } from '../notice.ts';

/** What a telephone shows: what it is and where, nothing else. */
export interface PushLetter {
  /** Of the same only the newest is shown, and none is told twice. */
  readonly tag: string;
  readonly kind: 'alert' | 'assignment' | 'recall';
  /** Of the alert or the assignment. */
  readonly id: string;
  readonly title: string;
  readonly place?: string;
}

/** A letter, and whom it concerns: a unit, or the seats of an area. */
export interface Addressed {
  readonly letter: PushLetter;
  readonly to: { readonly unit: string } | { readonly seatsOf: string | undefined };
}

export interface Letters {
  readonly write: readonly Addressed[];
  /** Tags of what need not be told any more. */
  readonly withdraw: readonly string[];
}

const Where = {
  road: Type.Optional(Type.String()),
  stake: Type.Optional(Type.String()),
  area: Type.Optional(Type.String()),
};
/** As much of an alert as is told. */
const AlertGist = Type.Object({
  id: Type.String(),
  severity: Type.String(),
  state: Type.String(),
  title: Type.String(),
  mergedInto: Type.Optional(Type.String()),
  ...Where,
});
const IncidentGist = Type.Object({
  title: Type.String(),
  place: Type.Optional(Type.String()),
  ...Where,
  assignments: Type.Array(Type.Object({ id: Type.String(), unit: Type.String(), state: AssignmentStateName })),
});

const urgent = ['major', 'critical'];
const mostTitle = 100;
const mostPlace = 200;
const nothing: Letters = { write: [], withdraw: [] };

/** What of a change somebody's telephone is told. */
export function lettersOf({ type, data }: Pick<Notice, 'type' | 'data'>): Letters {
  if (type === 'alert.changed') return isA(AlertGist, data) ? ofAlert(data) : nothing;
  return type === 'incident.changed' && isA(IncidentGist, data) ? ofIncident(data) : nothing;
}

/** A patrol is told of its own assignments, a seat of alerts of its areas. */
export function concerns({ to }: Addressed, { account }: PushReader): boolean {
  const { role, unit } = account;
  if ('unit' in to) return role === 'patrol' && unit === to.unit;
  return role === 'seat' && maySee({ ...account, id: '', name: '' }, to.seatsOf);
}

function ofAlert({ id, severity, state, title, area, mergedInto, ...where }: Static<typeof AlertGist>): Letters {
  const tag = `alert:${id}`;
  if (state !== 'raised' || mergedInto !== undefined) return { write: [], withdraw: [tag] };
  if (!urgent.includes(severity)) return nothing;
  const letter: PushLetter = { tag, kind: 'alert', id, title: short(title), ...placeOf(where) };
  return { write: [{ letter, to: { seatsOf: area } }], withdraw: [] };
}

function ofIncident({ title, assignments, ...where }: Static<typeof IncidentGist>): Letters {
  const write = assignments.flatMap(({ id, unit, state }): Addressed[] => {
    const about = { id, ...placeOf(where) };
    const to = { unit };
    if (state === 'dispatched')
      return [{ to, letter: { ...about, tag: `assignment:${id}`, kind: 'assignment', title: short(title) } }];
    if (state !== 'recalled') return [];
    return [{ to, letter: { ...about, tag: `recall:${id}`, kind: 'recall', title: short(`撤回：${title}`) } }];
  });
  const answered = assignments.filter(({ state }) => state !== 'dispatched');
  return { write, withdraw: answered.map(({ id }) => `assignment:${id}`) };
}

interface Whereabouts {
  readonly place?: string;
  readonly road?: string;
  readonly stake?: string;
}

function placeOf({ place, road, stake }: Whereabouts): { readonly place?: string } {
  const words = place ?? [road, stake].filter((part) => part !== undefined).join(' ');
  return words === '' ? {} : { place: words.slice(0, mostPlace) };
}

const short = (title: string) => title.slice(0, mostTitle);

/** The log's writers are trusted; an older version of them may have written otherwise. */
function isA<T extends TSchema>(schema: T, data: unknown): data is Static<T> {
  return Value.Check(schema, data);
}
