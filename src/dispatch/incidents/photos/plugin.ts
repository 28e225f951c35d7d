import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../../shared/actor.ts';
import { CommandHeaders, commandOf, IncidentId } from '../command-schema.ts';
import { Incident } from '../incident.ts';
import type { IncidentBook } from '../incident-book.ts';
import type { IncidentPhotos } from '../incident-photos.ts';

export interface PhotosOptions {
  readonly photos: IncidentPhotos;
  readonly book: IncidentBook;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const mostBytes = 10_485_760;
const PhotoId = Type.Object({ ...IncidentId.properties, photo: Type.String({ minLength: 1, maxLength: 64 }) });
const Jpeg = Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' });

/** Pictures of an incident: the body of a POST is the picture itself. */
export const photosPlugin: FastifyPluginAsyncTypebox<PhotosOptions> = async (app, { photos, book, actorOf }) => {
  const tags = ['incidents'];
  const types = ['image/jpeg', 'image/png', 'image/webp'];
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    types,
    { parseAs: 'buffer', bodyLimit: mostBytes },
    async (_request: FastifyRequest, body: Buffer) => body,
  );

  const add = {
    params: IncidentId,
    headers: CommandHeaders,
    // Whether the bytes are a picture is found out by reading it.
    body: Type.Unsafe<Buffer>({}),
    response: { 201: Incident },
    consumes: types,
    tags,
  };
  const workers = { access: ['seat', 'patrol'] } as const;
  app.post('/incidents/:id/photos', { config: workers, bodyLimit: mostBytes, schema: add }, async (request, reply) => {
    const command = commandOf({ headers: request.headers }, actorOf(request));
    return reply.code(201).send(await photos.add(request.params.id, request.body, command));
  });

  const one = { params: PhotoId, response: { 200: Jpeg }, tags };
  app.get('/incidents/:id/photos/:photo', { config: { access: 'any' }, schema: one }, async (request, reply) => {
    const jpeg = await book.photo(request.params.id, request.params.photo, actorOf(request));
    return reply.type('image/jpeg').header('cache-control', 'private, no-store').send(jpeg);
  });
};
