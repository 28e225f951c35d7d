import { Type } from 'typebox';

/** From the least to the most trusted with the house; what each may do is declared on every route. */
export const roles = ['viewer', 'seat', 'patrol', 'reviewer', 'auditor', 'engineer', 'admin'] as const;
export type Role = (typeof roles)[number];
export const RoleName = Type.Enum([...roles]);

/** Who acts: an account behind a session, or the system itself. `areas: 'all'` is not limited to any area. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly role: Role | 'system';
  readonly areas: readonly string[] | 'all';
  /** The patrol unit a patrol account speaks for. */
  readonly unit?: string;
  /** Where its request came from. */
  readonly address?: string;
}

export const systemActor: Actor = { id: 'system', name: 'system', role: 'system', areas: 'all' };

/** An object without an area is seen by everybody; one with an area only by those who have that area. */
export function maySee(actor: Actor, area: string | undefined): boolean {
  return actor.areas === 'all' || area === undefined || actor.areas.includes(area);
}
