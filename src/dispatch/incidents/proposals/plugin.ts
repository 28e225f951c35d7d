import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../../shared/actor.ts';
import { Candidate } from '../../candidates/candidate.ts';
import { IncidentId } from '../command-schema.ts';
import type { Proposals } from '../proposals.ts';

export interface ProposalsPluginOptions {
  readonly proposals: Proposals;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const Page = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 2_000, default: 100 }) });

/** Who could go to an incident, over HTTP. */
export const proposalsPlugin: FastifyPluginAsyncTypebox<ProposalsPluginOptions> = async (app, options) => {
  const { proposals, actorOf } = options;
  const response = { 200: Type.Object({ items: Type.Array(Candidate) }) };
  const schema = { params: IncidentId, querystring: Page, response, tags: ['incidents'] };
  app.get('/incidents/:id/candidates', { config: { access: ['seat'] }, schema }, async (request) => {
    const ranked = await proposals.of(request.params.id, actorOf(request));
    return { items: ranked.slice(0, request.query.limit) };
  });
};
