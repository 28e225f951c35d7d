import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Access } from '../access.ts';
import { LedgerReader } from '../ledger-reader.ts';

const Row = Type.Object({
  id: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  actor: Type.String(),
  role: Type.String(),
  action: Type.String(),
  object: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  result: Type.String(),
  details: Type.Optional(Type.Unknown()),
  hash: Type.String(),
  previousHash: Type.String(),
});

const Word = Type.String({ minLength: 1, maxLength: 128 });
const Query = Type.Object({
  cursor: Type.Optional(Type.Integer({ minimum: 1 })),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
  actor: Type.Optional(Word),
  action: Type.Optional(Word),
});
const Rows = Type.Object({ items: Type.Array(Row), next: Type.Optional(Type.String()) });

const Verdict = Type.Object({
  intact: Type.Boolean(),
  rows: Type.Integer(),
  head: Type.Optional(Type.String()),
  heads: Type.Integer({ description: 'signed heads outside of the database that hold' }),
  unsigned: Type.Optional(Type.Integer({ description: 'rows newer than the last head' })),
  firstWrongId: Type.Optional(Type.Integer()),
  problem: Type.Optional(
    Type.Enum(['changed', 'missing', 'inserted', 'replaced', 'cut', 'foreign-key', 'unchained', 'unreadable', 'lost']),
  ),
  wrongLine: Type.Optional(Type.Integer({ description: 'of the file of heads' })),
});

const config = { access: ['reviewer', 'auditor'], wholeSite: true } as const;

/** `/ledger`: who did what, newest first, and whether the chain still holds. Reading it is itself recorded. */
export const ledgerPlugin: FastifyPluginAsyncTypebox<{ access: Access }> = async (app, { access }) => {
  const reader = new LedgerReader(access.store, access);

  app.get('/ledger', { config, schema: { querystring: Query, response: { 200: Rows } } }, async (request) =>
    reader.page(request.query, access.actorOf(request)),
  );

  app.get('/ledger/verify', { config, schema: { response: { 200: Verdict } } }, async (request) =>
    reader.verify(access.actorOf(request)),
  );
};
