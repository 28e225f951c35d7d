import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../../shared/actor.ts';
import { Candidate } from '../../candidates/candidate.ts';
import { Choice } from '../choice.ts';
import type { Choices } from '../choices.ts';
import { IncidentId } from '../command-schema.ts';
import type { Proposals } from '../proposals.ts';

export interface ProposalsPluginOptions {
  readonly proposals: Proposals;
  readonly choices: Choices;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const Page = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 2_000, default: 100 }) });

/** Who could go to an incident or an alert, and whom those who went were chosen from, over HTTP. */
export const proposalsPlugin: FastifyPluginAsyncTypebox<ProposalsPluginOptions> = async (app, options) => {
  const { proposals, choices, actorOf } = options;
  const response = { 200: Type.Object({ items: Type.Array(Candidate) }) };
  const schema = { params: IncidentId, querystring: Page, response, tags: ['incidents'] };
  app.get('/incidents/:id/candidates', { config: { access: ['seat'] }, schema }, async (request) => {
    const ranked = await proposals.of(request.params.id, actorOf(request));
    return { items: ranked.slice(0, request.query.limit) };
  });
  app.get('/alerts/:id/candidates', { config: { access: ['seat'] }, schema }, async (request) => {
    const ranked = await proposals.ofAlert(request.params.id, actorOf(request));
    return { items: ranked.slice(0, request.query.limit) };
  });

  const ranking = {
    params: IncidentId,
    response: { 200: Type.Object({ items: Type.Array(Choice) }) },
    tags: ['incidents'],
  };
  app.get('/incidents/:id/ranking', { config: { access: ['seat', 'reviewer'] }, schema: ranking }, async (request) => ({
    items: await choices.of(request.params.id, actorOf(request)),
  }));
};
