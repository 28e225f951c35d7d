import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { RoleName } from '../../shared/actor.ts';
import type { Access } from '../access.ts';
import { AccountView, Areas } from '../account-view.ts';

const Password = Type.String({ maxLength: 512 });
const Unit = Type.String({ minLength: 1, maxLength: 64 });

const NewAccount = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 32 }),
    role: RoleName,
    areas: Areas,
    unit: Type.Optional(Unit),
    password: Password,
  },
  { additionalProperties: false },
);

const Edit = Type.Object(
  {
    role: Type.Optional(RoleName),
    areas: Type.Optional(Areas),
    unit: Type.Optional(Type.Union([Unit, Type.Null()])),
    password: Type.Optional(Password),
  },
  { additionalProperties: false, minProperties: 1 },
);

const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Page = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 64 })),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
});
const AccountList = Type.Object({ items: Type.Array(AccountView), next: Type.Optional(Type.String()) });

/** Who may give areas would give all of them. */
const config = { access: ['admin'], wholeSite: true } as const;

/** `/accounts`, for admins. A password goes in and never comes out. */
export const accountsPlugin: FastifyPluginAsyncTypebox<{ access: Access }> = async (app, { access }) => {
  const { accounts, actorOf } = access;

  app.get('/accounts', { config, schema: { querystring: Page, response: { 200: AccountList } } }, async ({ query }) => {
    const { cursor, limit } = query;
    const items = await accounts.list({ limit, ...(cursor !== undefined && { after: cursor }) });
    const last = items.length === limit ? items.at(-1) : undefined;
    return { items, ...(last && { next: last.id }) };
  });

  const add = { config, schema: { body: NewAccount, response: { 201: AccountView } } };
  app.post('/accounts', add, async (request, reply) => {
    const account = await accounts.add(request.body, actorOf(request));
    return reply.code(201).send(account);
  });

  const edit = { config, schema: { params: Id, body: Edit, response: { 200: AccountView } } };
  app.patch('/accounts/:id', edit, async (request) => accounts.edit(request.params.id, request.body, actorOf(request)));

  const toggle = { config, schema: { params: Id, response: { 200: AccountView } } };
  app.post('/accounts/:id/disable', toggle, async (request) =>
    accounts.edit(request.params.id, { disabled: true }, actorOf(request)),
  );
  app.post('/accounts/:id/enable', toggle, async (request) =>
    accounts.edit(request.params.id, { disabled: false }, actorOf(request)),
  );
};
