import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Actor } from '../../../shared/actor.ts';
import { AssignmentView, assignmentView } from '../assignment-view.ts';
import { Body, CommandHeaders, commandOf, IncidentId, ReasonText, Text } from '../command-schema.ts';
import type { Answer, Dispatcher } from '../dispatcher.ts';
import { defaultPage, type IncidentBook, largestPage } from '../incident-book.ts';
import { AssignmentNotFoundError } from '../incident-errors.ts';
import type { Proposals } from '../proposals.ts';

export interface AssignmentsOptions {
  readonly dispatcher: Dispatcher;
  readonly book: IncidentBook;
  readonly proposals: Pick<Proposals, 'withWay'>;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const Page = Type.Object({
  open: Type.Optional(Type.Boolean()),
  unit: Type.Optional(Type.String({ maxLength: 64 })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: '`next` of the page before' })),
  limit: Type.Integer({ minimum: 1, maximum: largestPage, default: defaultPage }),
});
const AssignmentList = Type.Object({ items: Type.Array(AssignmentView), next: Type.Optional(Type.String()) });
const Plain = Type.Union([Body({}), Type.Null()]);
const Report = Type.Union([Body({ text: Type.Optional(Text) }), Type.Null()]);

/** Assignments over HTTP: a patrol sees and answers its own unit's, a seat also what it hears on the radio. */
export const assignmentsPlugin: FastifyPluginAsyncTypebox<AssignmentsOptions> = async (app, options) => {
  const { dispatcher, book, proposals, actorOf } = options;
  const tags = ['incidents'];
  const config = { access: ['patrol', 'seat'] } as const;
  const schemaOf = <B extends TSchema>(body: B) => ({
    params: IncidentId,
    headers: CommandHeaders,
    body,
    response: { 200: AssignmentView },
    tags,
  });
  type Asking = FastifyRequest & Parameters<typeof commandOf>[0];
  const answer = async (request: Asking, id: string, said: Answer): Promise<AssignmentView> => {
    const view = assignmentView(await dispatcher.answer(id, said, commandOf(request, actorOf(request))), id);
    if (!view) throw new AssignmentNotFoundError(id);
    return view;
  };

  const list = { querystring: Page, response: { 200: AssignmentList }, tags };
  app.get('/assignments', { config, schema: list }, async (request) => {
    const actor = actorOf(request);
    const page = await book.assignments(request.query, actor);
    // Nobody but who drives it needs the way, and a seat's page holds a thousand.
    return actor.role === 'patrol' ? { ...page, items: page.items.map((one) => proposals.withWay(one)) } : page;
  });

  for (const type of ['accept', 'arrive'] as const)
    app.post(`/assignments/:id/${type}`, { config, schema: schemaOf(Plain) }, async (request) =>
      answer(request, request.params.id, { type }),
    );
  app.post('/assignments/:id/decline', { config, schema: schemaOf(Body({ reason: ReasonText })) }, async (request) =>
    answer(request, request.params.id, { type: 'decline', reason: request.body.reason }),
  );
  app.post('/assignments/:id/complete', { config, schema: schemaOf(Report) }, async (request) =>
    answer(request, request.params.id, { type: 'complete', text: request.body?.text }),
  );
};
