import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import { WebSocketServer } from 'ws';
import type { Alert } from '../../src/alerts/alert.ts';
import { AlertDesk } from '../../src/alerts/desk.ts';
import { LiveHub } from '../../src/live/hub.ts';
import { livePlugin } from '../../src/live/plugin.ts';
import { systemActor } from '../../src/shared/actor.ts';
import { silentLog } from '../../src/shared/log.ts';
import { eventsSince, headSeq } from '../../src/store/events-repository.ts';
import { openStore } from '../../src/store/store.ts';
import { answerEach, programOptions, say, sharedClockMs } from '../program.ts';
import { atPace, fogAt, type Pace } from './alert-load.ts';

export interface Raising extends Pace {
  readonly by: 'desk' | 'broadcast';
}

/** The desk on its database and the hub behind a real server, as app.ts joins them. */
async function openHouse(directory: string) {
  const store = await openStore(join(directory, 'operations.sqlite'));
  const desk = new AlertDesk({ store, log: silentLog });
  const hub = new LiveHub({
    snapshot: { alerts: (actor) => desk.open(actor) },
    eventsSince: (seq, topics, limit) => eventsSince(store.db, { seq, topics, limit }),
    headSeq: () => headSeq(store.db),
    log: silentLog,
  });
  desk.on('changed', (alert) => hub.publish(alert));
  const app = Fastify();
  await app.register(websocket, { options: { maxPayload: 65_536 } });
  await app.register(livePlugin, { hub, actorOf: () => systemActor, sessionEnded: () => () => {} });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return { desk, url: `${address.replace('http', 'ws')}/ws` };
}

const { directory } = programOptions<{ directory: string }>();
const { desk, url } = await openHouse(directory);
const bare = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
await once(bare, 'listening');
const { port } = bare.address() as AddressInfo;
say({ url, bareUrl: `ws://127.0.0.1:${port}` });

let raised = 0;
let sample: Alert | undefined;

async function raise(pace: Raising): Promise<object> {
  const storedMs: number[] = [];
  const storing: Promise<void>[] = [];
  await atPace(pace, () => {
    raised += 1;
    const seenAt = sharedClockMs();
    const stored = desk.observe(fogAt(`ws${raised}`)).then((alert) => {
      storedMs.push(sharedClockMs() - seenAt);
      sample = alert;
    });
    storing.push(stored);
  });
  await Promise.all(storing);
  return { storedMs };
}

/** The same text to as many sockets, with nothing decided and nothing stored. */
async function broadcast(pace: Raising): Promise<object> {
  await atPace(pace, () => {
    const data = { ...sample, title: `${sharedClockMs()}` };
    const text = JSON.stringify({ type: 'event', topic: 'alerts', seq: sample?.seq, at: new Date(), data });
    for (const socket of bare.clients) socket.send(text);
  });
  return { storedMs: [] };
}

await answerEach((pace: Raising) => (pace.by === 'desk' ? raise(pace) : broadcast(pace)));
