import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Actor } from '../shared/actor.ts';
import { closeCodes } from './contract.ts';
import type { LiveHub } from './hub.ts';

export interface LiveOptions {
  readonly hub: LiveHub;
  /** The actor behind the request, with the id of its session. */
  readonly actorOf: (request: FastifyRequest) => Actor & { readonly session?: string };
  /** Calls back with each session that ends; the answer stops that. */
  readonly sessionEnded: (listener: (ended: { readonly session: string }) => void) => () => void;
}

/** `/ws`, at the root. Who is not logged in never gets as far as the upgrade: the access hook stands before it. */
export const livePlugin: FastifyPluginAsync<LiveOptions> = async (app, { hub, actorOf, sessionEnded }) => {
  const forget = sessionEnded(({ session }) => hub.endSession(session));

  app.addHook('onReady', async () => hub.start());
  // Before the server stops listening: it waits for its sockets, which nobody else closes.
  app.addHook('preClose', async () => {
    forget();
    await hub.close();
  });

  app.get('/ws', { websocket: true, config: { access: 'any' } }, (socket, request) => {
    const actor = actorOf(request);
    const seat = hub.join({ socket, actor, session: actor.session });
    socket.on('message', (data: Buffer, isBinary: boolean) => hub.receive(seat, data, isBinary));
    socket.on('pong', () => seat.answered());
    socket.on('close', (code) => hub.leave(seat, code));
    // A peer that breaks the protocol or the line: `close` follows, with the code of what was wrong.
    socket.on('error', () => seat.close(closeCodes.policy, 'protocol error'));
  });
};
