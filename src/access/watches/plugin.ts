import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { appendLedger } from '../../store/ledger-repository.ts';
import { type WatchesTable, watchesPage } from '../../store/watches-repository.ts';
import type { Access } from '../access.ts';

const Word = Type.String({ minLength: 1, maxLength: 128 });
const Query = Type.Object({
  ...{ camera: Type.Optional(Word), actor: Type.Optional(Word), incident: Type.Optional(Word) },
  cursor: Type.Optional(Type.String({ maxLength: 64, description: '`next` of the page before' })),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
});
const Time = Type.String({ format: 'date-time' });
const Watch = Type.Object({
  ...{ id: Type.String(), actor: Type.String(), role: Type.String(), address: Type.Optional(Type.String()) },
  ...{ camera: Type.String(), over: Type.String(), incident: Type.Optional(Type.String()) },
  /** Of a recording: what of it was shown. */
  ...{ footageFrom: Type.Optional(Time), footageTo: Type.Optional(Time) },
  ...{ startedAt: Time, seenAt: Time, endedAt: Type.Optional(Time), reason: Type.Optional(Type.String()) },
});
const Watches = Type.Object({ items: Type.Array(Watch), next: Type.Optional(Type.String()) });

const config = { access: ['reviewer', 'auditor'], wholeSite: true } as const;

/** `/watches`: who watched which camera, newest first. Reading it is itself recorded. */
export const watchesPlugin: FastifyPluginAsyncTypebox<{ access: Access }> = async (app, { access }) => {
  app.get('/watches', { config, schema: { querystring: Query, response: { 200: Watches } } }, async (request) => {
    const { cursor: before, ...query } = request.query;
    const entry = { actor: access.actorOf(request), action: 'watches.read', result: 'ok', details: query } as const;
    const rows = await access.store.transaction(async (tx) => {
      await appendLedger(tx, entry);
      return await watchesPage(tx, { ...query, before });
    });
    const last = rows.length === query.limit ? rows.at(-1) : undefined;
    return { items: rows.map(view), ...(last && { next: last.id }) };
  });
};

function view(row: WatchesTable) {
  const { id, actor, role, camera, over, started_at: startedAt, seen_at: seenAt } = row;
  const known = {
    address: row.address,
    incident: row.incident,
    footageFrom: row.footage_from,
    footageTo: row.footage_to,
    endedAt: row.ended_at,
    reason: row.reason,
  };
  const said = Object.entries(known).filter(([, value]) => value !== null);
  return { id, actor, role, camera, over, startedAt, seenAt, ...Object.fromEntries(said) };
}
