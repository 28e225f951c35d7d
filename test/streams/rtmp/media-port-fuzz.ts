import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import fc from 'fast-check';
import { makeClip } from '../clips.ts';
import { startWall } from '../viewing/wall.ts';
import { startIdleLoop } from './idle-loop.ts';
import { key, listening, push, startIntake } from './pusher.ts';

/** Bytes a genuine client sends, from the first to some pictures; the head of `keep` bytes is never changed. */
interface Seed {
  readonly bytes: Buffer;
  readonly keep: number;
}

const handshakeBytes = 1 + 2 * 1_536;
const parallel = 24;
const patienceMs = 120;

/** What the real ffmpeg sends to our port: recorded on its way through. */
async function recordPush(port: number): Promise<Seed> {
  const parts: Buffer[] = [];
  const enough = Promise.withResolvers<void>();
  const tap = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    client.on('data', (bytes) => {
      parts.push(bytes);
      if (parts.reduce((sum, { length }) => sum + length, 0) > 24_000) enough.resolve();
    });
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(tap, 'listening');
  const address = tap.address();
  const place = typeof address === 'object' && address ? address.port : 0;
  const pusher = push(
    await makeClip({ size: '320x240', slices: 1 }),
    `rtmp://127.0.0.1:${place}/live/drone-1?key=${key}`,
  );
  await enough.promise;
  await pusher[Symbol.asyncDispose]();
  tap.close();
  return { bytes: Buffer.concat(parts).subarray(0, 24_000), keep: handshakeBytes };
}

/** Requests for a stream, by HTTP and WebSocket, the latter with a frame behind it. */
function webSeeds(host: string): Seed[] {
  const path = 'GET /streams/main.flv?ticket=0123456789abcdef0123456789abcdef HTTP/1.1';
  const upgrade = [
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  const frame = Buffer.from('81851a2b3c4d727847217f', 'hex');
  const request = (lines: readonly string[]) => Buffer.from([path, `Host: ${host}`, ...lines, '', ''].join('\r\n'));
  return [
    { bytes: request(['Accept: */*']), keep: 0 },
    { bytes: Buffer.concat([request(upgrade), frame]), keep: 0 },
  ];
}

type Change = {
  readonly at: number;
  readonly kind: 'set' | 'cut' | 'drop' | 'insert' | 'again';
  readonly bytes: Uint8Array;
};

const changes = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.constantFrom<Change['kind']>('set', 'set', 'cut', 'drop', 'insert', 'again'),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 6 },
);

function mutate({ bytes, keep }: Seed, all: readonly Change[]): Buffer {
  return all.reduce(
    (now, change) => Buffer.concat([now.subarray(0, keep), changed(now.subarray(keep), change)]),
    bytes,
  );
}

/** Commands stand at the beginning: most changes are made there. */
function changed(tail: Buffer, { at, kind, bytes }: Change): Buffer {
  const place = Math.floor(at ** 3 * tail.length);
  const [before, after] = [tail.subarray(0, place), tail.subarray(place)];
  if (kind === 'cut') return before;
  if (kind === 'drop') return Buffer.concat([before, after.subarray(bytes.length)]);
  if (kind === 'insert') return Buffer.concat([before, bytes, after]);
  if (kind === 'again') return Buffer.concat([before, after.subarray(0, 600), after]);
  return Buffer.concat([before, bytes, after.subarray(bytes.length)]);
}

/** Sends it and waits until the other side ends, or a moment. */
async function throwAt(port: number, bytes: Buffer): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  const over = once(socket, 'close').catch(() => undefined);
  socket.resume().setTimeout(patienceMs, () => socket.destroy());
  socket.write(bytes);
  await over;
}

/**
 * Throws `count` mutated streams at every media port: RTMP, and HTTP and WebSocket of the wall. Says how the main process
 * fared: its loop's delay and that of a loop on the same machine with nothing to do (p99, milliseconds), the restarts of the relay, and whether both sides still serve afterwards.
 */
export async function fuzzMediaPorts(count: number, seed: number) {
  await using house = await startIntake();
  const { intake } = house;
  intake.setMaxListeners(2 * parallel);
  const waits: number[] = [];
  let lostAt: number | undefined;
  intake.on('state', ({ phase }) => {
    if (phase === 'waiting' || phase === 'tripped') lostAt ??= performance.now();
    if (phase !== 'listening' || lostAt === undefined) return;
    waits.push(performance.now() - lostAt);
    lostAt = undefined;
  });
  await using wall = await startWall({ main: await makeClip({ size: '320x240', slices: 1 }) });
  const web = Number(new URL(wall.origin).port);
  const recorded = await recordPush(house.port);
  const targets = [...webSeeds(`127.0.0.1:${web}`).map((each) => ({ seed: each, port: async () => web }))];
  const pushes = { seed: recorded, port: () => listening(intake) };
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const idle = startIdleLoop();
  const drawn = fc.sample(changes, { numRuns: Math.min(count, 20_000), seed });
  let next = 0;
  const work = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      const target = index % 4 === 0 ? (targets[(index / 4) % 2] ?? pushes) : pushes;
      await throwAt(await target.port(), mutate(target.seed, drawn[(index * 7) % drawn.length] ?? []));
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  delay.disable();
  const machineMs = await idle.p99();
  const answers = (await fetch(`${wall.origin}/streams/main.flv`)).status;
  await using again = push(
    await makeClip({ size: '320x240', slices: 1 }),
    `rtmp://127.0.0.1:${await listening(intake)}/live/drone-1?key=${key}`,
  );
  const heard = Promise.withResolvers<void>();
  const stop = intake.listen('drone-1', {
    began: () => undefined,
    ended: () => undefined,
    lost: () => undefined,
    tag: () => heard.resolve(),
  });
  await heard.promise;
  stop();
  return {
    delayMs: delay.percentile(99) / 1e6,
    machineMs,
    restarts: intake.restarts,
    waits,
    answers,
    pushing: again.child.exitCode === null,
  };
}
