import { type Static, Type } from 'typebox';
import { type Actor, RoleName } from '../shared/actor.ts';

/** The word comes first and without a type: coercion must not make a list of it, nor the word of a list. */
const everywhere = Type.Enum(['all']);
const list = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 200 });
export const Areas = Type.Unsafe<readonly string[] | 'all'>(Type.Union([everywhere, list]));

const who = {
  id: Type.String(),
  name: Type.String(),
  role: RoleName,
  areas: Areas,
  unit: Type.Optional(Type.String()),
};

/** An account as it sees itself. */
export const User = Type.Object({
  ...who,
  secondFactor: Type.Optional(
    Type.Enum(['on', 'required'], { description: 'required: nothing goes before it is set up' }),
  ),
});
export type User = Static<typeof User>;

/** An account as an admin sees it. */
export const AccountView = Type.Object({
  ...who,
  disabled: Type.Boolean(),
  createdAt: Type.String(),
  oidc: Type.Optional(Type.Boolean({ description: 'logs in by another house, without a password' })),
});

type Known = Actor & { readonly role: User['role']; readonly enrolling?: boolean; readonly hasFactor?: boolean };

export function userOf({ id, name, role, areas, unit, enrolling, hasFactor }: Known): User {
  return {
    ...{ id, name, role, areas },
    ...(unit !== undefined && { unit }),
    ...(hasFactor && { secondFactor: 'on' as const }),
    ...(enrolling && { secondFactor: 'required' as const }),
  };
}
