import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../shared/actor.ts';
import type { Evidence } from './evidence.ts';
import { locksPlugin } from './locks/plugin.ts';
import type { OpenedPackage } from './packing/evidence-export.ts';
import { EvidenceRequest, EvidenceStateName } from './requests/evidence-request.ts';

export interface EvidencePluginOptions {
  readonly evidence: Evidence;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const Id = Type.String({ minLength: 1, maxLength: 64 });
const Time = Type.String({ format: 'date-time', maxLength: 40 });
const RequestId = Type.Object({ id: Id });
/** One line: what is printed of it can pretend to be nothing else. */
const line = { minLength: 1, pattern: '^[^\\u0000-\\u001f\\u007f\\u2028\\u2029]+$' } as const;
const Asked = Type.Object(
  {
    alert: Type.Optional(Id),
    incident: Type.Optional(Id),
    purpose: Type.String({ ...line, maxLength: 500 }),
    recipient: Type.String({ ...line, maxLength: 200 }),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
    cameras: Type.Optional(Type.Array(Id, { maxItems: 100 })),
  },
  { additionalProperties: false },
);
const Refusal = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 500 }) }, { additionalProperties: false });
const Nothing = Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()]);
const Page = Type.Object({
  state: Type.Optional(EvidenceStateName),
  alert: Type.Optional(Id),
  incident: Type.Optional(Id),
  cursor: Type.Optional(Id),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
});
const Requests = Type.Object({ items: Type.Array(EvidenceRequest), next: Type.Optional(Type.String()) });
const Copy = Type.Object({ copy: Type.Enum(['original', 'review'], { default: 'original' }) });
const Zip = Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' });

const tags = ['evidence'];
const asking = { access: ['seat', 'reviewer'] } as const;
const deciding = { access: ['reviewer'] } as const;

/** Evidence over HTTP: seats and reviewers ask for it, a reviewer who did not ask lets it out. */
export const evidencePlugin: FastifyPluginAsyncTypebox<EvidencePluginOptions> = async (app, { evidence, actorOf }) => {
  const { desk, locks } = evidence;
  app.addHook('onReady', async () => evidence.start());
  app.addHook('onClose', () => evidence.close());
  await app.register(locksPlugin, { locks, actorOf });

  const ask = { body: Asked, response: { 201: EvidenceRequest }, tags };
  app.post('/evidence', { config: asking, schema: ask }, async (request, reply) =>
    reply.code(201).send(await desk.request(request.body, actorOf(request))),
  );

  const list = { querystring: Page, response: { 200: Requests }, tags };
  app.get('/evidence', { config: asking, schema: list }, async (request) => desk.list(request.query, actorOf(request)));

  const one = { params: RequestId, response: { 200: EvidenceRequest }, tags };
  app.get('/evidence/:id', { config: asking, schema: one }, async (request) =>
    desk.get(request.params.id, actorOf(request)),
  );

  const decide = { params: RequestId, body: Nothing, response: { 200: EvidenceRequest }, tags };
  app.post('/evidence/:id/approve', { config: deciding, schema: decide }, async (request) =>
    desk.approve(request.params.id, actorOf(request)),
  );
  app.post('/evidence/:id/withdraw', { config: asking, schema: decide }, async (request) =>
    desk.withdraw(request.params.id, actorOf(request)),
  );
  const refuse = { ...decide, body: Refusal };
  app.post('/evidence/:id/refuse', { config: deciding, schema: refuse }, async (request) =>
    desk.refuse(request.params.id, request.body, actorOf(request)),
  );

  // A HEAD would be an export that nobody gets.
  const whole = { config: asking, exposeHeadRoute: false } as const;
  const zip = { params: RequestId, querystring: Copy, response: { 200: Zip }, tags };
  app.get('/evidence/:id/package.zip', { ...whole, schema: zip }, async (request, reply) =>
    sendPackage(reply, await evidence.package(request.params.id, request.query.copy, actorOf(request))),
  );
  app.get('/alerts/:id/evidence', { ...whole, schema: zip }, async (request, reply) =>
    sendPackage(reply, await evidence.packageOfAlert(request.params.id, request.query.copy, actorOf(request))),
  );
};

/** A client that goes away ends the packing. */
async function sendPackage(reply: FastifyReply, { name, bytes }: OpenedPackage): Promise<FastifyReply> {
  return await reply
    .type('application/zip')
    .header('Content-Disposition', `attachment; filename="${name}"`)
    .header('Cache-Control', 'private, no-store')
    .send(bytes);
}
