import { type Static, Type } from 'typebox';
import type { Actor } from '../../shared/actor.ts';
import type { Command } from './command.ts';

export const IncidentId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

/** Every command may be sent again under its key, and says which version was decided on. */
export const CommandHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$', description: 'the same key is the same command, done once' }),
  ),
});
export const Version = { version: Type.Optional(Type.Integer({ minimum: 1 })) };

/** A command's body: its version and whatever else it says; nothing unknown. */
export const Body = <T extends Parameters<typeof Type.Object>[0]>(properties: T) =>
  Type.Object({ ...Version, ...properties }, { additionalProperties: false });

export const Text = Type.String({ minLength: 1, maxLength: 2_000 });
export const ReasonText = Type.String({ minLength: 1, maxLength: 500 });
export const Department = Type.String({ minLength: 1, maxLength: 64 });

interface Asked {
  readonly headers: Static<typeof CommandHeaders>;
  readonly body?: { readonly version?: number | undefined } | null | undefined;
}

export function commandOf({ headers, body }: Asked, actor: Actor): Command {
  return { actor, key: headers['idempotency-key'], version: body?.version };
}
