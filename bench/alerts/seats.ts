import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { answerEach, programOptions, say, sharedClockMs } from '../program.ts';

export interface Heard {
  readonly latenciesMs: readonly number[];
}

interface Message {
  readonly type: string;
  readonly data?: { readonly title: string };
}

/* The seats, all in one process. Says `{}` once every one has its snapshot; each answer tells what was heard since. */
const { seats, url, bareUrl } = programOptions<{ seats: number; url: string; bareUrl: string }>();
let latenciesMs: number[] = [];

/** The time is taken before anything is read: reading is the seat's own work. */
function listen(data: unknown): Message {
  const now = sharedClockMs();
  const message: Message = JSON.parse(String(data));
  if (message.type === 'event' && message.data) latenciesMs.push(now - Number(message.data.title));
  return message;
}

async function openSeat(): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const told = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    if (listen(data).type === 'snapshot') told.resolve();
  });
  socket.on('close', (code) => told.reject(new Error(`a seat was closed with ${code}`)));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'subscribe', topics: ['alerts'] }));
  await told.promise;
}

async function openBare(): Promise<void> {
  const socket = new WebSocket(bareUrl, { perMessageDeflate: false });
  socket.on('message', listen);
  await once(socket, 'open');
}

await Promise.all(Array.from({ length: seats }, openSeat));
await Promise.all(Array.from({ length: seats }, openBare));
say({});
await answerEach(async ({ expected }: { expected: number }): Promise<Heard> => {
  for (let waited = 0; latenciesMs.length < expected && waited < 200; waited += 1) await delay(10);
  const heard = latenciesMs;
  latenciesMs = [];
  return { latenciesMs: heard };
});
