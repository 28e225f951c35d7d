import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { FlvTagReader } from '../../../src/streams/flv/flv-tag-reader.ts';
import { run } from '../clips.ts';

/** What the relay's process says of itself. */
export interface CrowdFacts {
  readonly rssBytes: number;
  /** Pictures it got from the camera. */
  readonly published: number;
  readonly viewers: number;
  /** Those who left, and why. */
  readonly ends: { readonly viewer: string; readonly reason: string; readonly dropped: number }[];
}

export interface CrowdOptions {
  /** Of each kind: half over HTTP, half over WebSockets. */
  readonly each: number;
  /** Of the camera, bits a second. */
  readonly bitrate: number;
  /** How long all of them watch. */
  readonly seconds: number;
}

export interface CrowdResult {
  readonly frozenEnds: readonly string[];
  readonly frozenSeconds: number;
  readonly slowEnds: readonly string[];
  readonly slowDropped: number;
  readonly halfEnds: readonly string[];
  readonly halfDropped: number;
  /** Of those at half the rate: pictures after a gap that were no key pictures. */
  readonly wrongStarts: number;
  readonly healthyLostPercent: number;
  readonly healthyPictures: number;
  readonly grownMiB: number;
  readonly allowedMiB: number;
  readonly publishedPercent: number;
  readonly dials: number;
}

const pollMs = 250;

/** T19: viewers that never read and viewers that read a tenth, during as many healthy ones, and two that read half. */
export async function watchInCrowd({ each, bitrate, seconds }: CrowdOptions): Promise<CrowdResult> {
  let aired = 0;
  const onPicture = () => {
    aired += 1;
  };
  await using camera = await startRtspServer({ streams: { '/main': { clip: await noisyClip(bitrate), onPicture } } });
  await using relay = await CrowdRelay.start(camera.url);
  await using people = new People(relay.port);
  const healthy = await people.join('healthy', each);
  await until(() => healthy.every(({ pictures }) => pictures > 0));
  const before = { facts: await relay.facts(), aired, seen: healthy.map(({ pictures }) => pictures) };
  const startedAt = performance.now();
  const half = await people.join('half', 2, bitrate / 2);
  await people.join('slow', each, bitrate / 10);
  await people.join('frozen', each);
  let [grown, frozenSeconds] = [0, 0];
  while (performance.now() - startedAt < seconds * 1_000) {
    await sleep(pollMs);
    const { rssBytes, ends } = await relay.facts();
    grown = Math.max(grown, rssBytes - before.facts.rssBytes);
    if (endsOf(ends, 'frozen').length === each) frozenSeconds ||= (performance.now() - startedAt) / 1_000;
  }
  const [after, airedAfter] = [await relay.facts(), aired];
  const seen = healthy.map(({ pictures }, index) => pictures - (before.seen[index] ?? 0));
  await people[Symbol.asyncDispose]();
  await until(async () => (await relay.facts()).viewers === 0);
  const { ends } = await relay.facts();
  const lost = endsOf(ends, 'healthy').reduce((sum, { dropped }) => sum + dropped, 0);
  const total = seen.reduce((sum, pictures) => sum + pictures, 0);
  return {
    frozenEnds: endsOf(after.ends, 'frozen').map(({ reason }) => reason),
    frozenSeconds,
    slowEnds: endsOf(after.ends, 'slow').map(({ reason }) => reason),
    slowDropped: endsOf(ends, 'slow').reduce((sum, { dropped }) => sum + dropped, 0),
    halfEnds: endsOf(after.ends, 'half').map(({ reason }) => reason),
    halfDropped: endsOf(ends, 'half').reduce((sum, { dropped }) => sum + dropped, 0),
    wrongStarts: half.reduce((sum, { wrongStarts }) => sum + wrongStarts, 0),
    healthyLostPercent: (100 * lost) / total,
    healthyPictures: Math.min(...seen) / (airedAfter - before.aired),
    grownMiB: grown / 2 ** 20,
    allowedMiB: 2 * each * 2 + 50,
    publishedPercent: (100 * (after.published - before.facts.published)) / (airedAfter - before.aired),
    dials: camera.dials,
  };
}

function endsOf(ends: CrowdFacts['ends'], kind: string): CrowdFacts['ends'] {
  return ends.filter(({ viewer }) => viewer.startsWith(kind));
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(60_000);
  while (!(await condition())) {
    deadline.throwIfAborted();
    await sleep(50);
  }
}

/** The relay in a process of its own. */
class CrowdRelay implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(source: string): Promise<CrowdRelay> {
    const child = fork(fileURLToPath(new URL('crowd-relay.ts', import.meta.url)), [source], { execArgv: [] });
    const [{ port }] = await once(child, 'message', { signal: AbortSignal.timeout(60_000) });
    return new CrowdRelay(child, port);
  }

  async facts(): Promise<CrowdFacts> {
    this.#child.send('facts');
    const [facts] = await once(this.#child, 'message', { signal: AbortSignal.timeout(60_000) });
    return facts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill();
    await gone;
  }
}

type Kind = 'healthy' | 'half' | 'slow' | 'frozen';
type Way = 'http' | 'ws';

class People implements AsyncDisposable {
  readonly #port: number;
  readonly #closers: (() => void)[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  /** At `bitrate` they read, when it is given; bits a second. */
  async join(kind: Kind, count: number, bitrate?: number): Promise<PictureCount[]> {
    const joined = Array.from({ length: count }, (_, index) => {
      const over = index % 2 === 0 ? 'http' : 'ws';
      const name = `${kind}-${index}`;
      return kind === 'healthy' && over === 'ws' ? this.#joinSocket(name) : this.#join({ kind, name, over, bitrate });
    });
    return await Promise.all(joined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers.splice(0)) close();
  }

  #joinSocket(name: string): PictureCount {
    const seen = new PictureCount();
    const socket = new WebSocket(`ws://127.0.0.1:${this.#port}/streams/cam.flv`, { headers: { 'x-viewer': name } });
    socket.on('message', (data: Buffer) => seen.push(data)).on('error', () => undefined);
    this.#closers.push(() => socket.terminate());
    return seen;
  }

  async #join({ kind, name, over, bitrate }: Joining): Promise<PictureCount> {
    const seen = new PictureCount();
    const socket = connect(this.#port, '127.0.0.1').on('error', () => undefined);
    this.#closers.push(() => socket.destroy());
    await once(socket, 'connect');
    socket.write(request(name, over));
    if (kind === 'healthy')
      socket.on(
        'data',
        bodyOnly((data) => seen.push(data)),
      );
    if (bitrate)
      this.#sip(
        socket,
        bitrate,
        bodyOnly((data) => over === 'http' && seen.push(data)),
      );
    return seen;
  }

  #sip(socket: Socket, bitrate: number, take: (data: Buffer) => void): void {
    const bytesPerTurn = Math.round((bitrate * sipEveryMs) / 8_000);
    socket.pause();
    const timer = setInterval(() => {
      const data: Buffer | null = socket.read(Math.min(bytesPerTurn, socket.readableLength));
      if (data) take(data);
    }, sipEveryMs);
    this.#closers.push(() => clearInterval(timer));
  }
}

interface Joining {
  readonly kind: Kind;
  readonly name: string;
  readonly over: Way;
  readonly bitrate: number | undefined;
}

const sipEveryMs = 50;

function request(name: string, over: Way): string {
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  const lines = ['GET /streams/cam.flv HTTP/1.1', 'Host: 127.0.0.1', `X-Viewer: ${name}`];
  return [...lines, ...(over === 'ws' ? upgrade : []), '', ''].join('\r\n');
}

/** Leaves out the head of an HTTP answer. */
function bodyOnly(take: (data: Buffer) => void): (data: Buffer) => void {
  let head = Buffer.alloc(0);
  let inBody = false;
  return (data) => {
    if (inBody) return take(data);
    head = Buffer.concat([head, data]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    inBody = true;
    take(head.subarray(end + 4));
  };
}

/** Reads what a viewer gets; throws when it is not whole FLV. */
class PictureCount {
  pictures = 0;
  /** Pictures after a gap that no decoder can use. */
  wrongStarts = 0;
  #lastMs: number | undefined;
  readonly #reader = new FlvTagReader(({ type, timestampMs, body }) => {
    if (type !== 9 || body[1] !== 1) return;
    const gapMs = timestampMs - (this.#lastMs ?? timestampMs);
    const isKey = (body.readUInt8(0) & 0xf0) === 0x10;
    if (!isKey && (gapMs > 1_000 || this.#lastMs === undefined)) this.wrongStarts += 1;
    this.#lastMs = timestampMs;
    this.pictures += 1;
  });

  push(data: Buffer): void {
    this.#reader.push(data);
  }
}

const folder = join(tmpdir(), 'tianliang-test-clips');

/** Noise makes the bits real: padding would be dropped on the way. Two seconds, a key picture each second. */
async function noisyClip(bitrate: number): Promise<string> {
  const path = join(folder, `noise-${bitrate}.mp4`);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  const unfinished = `${path}.${process.pid}.mp4`;
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=25,noise=alls=30:allf=t', '-t', '2'];
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', '-sc_threshold', '0'];
  const rate = ['-b:v', `${bitrate}`, '-maxrate', `${bitrate}`, '-bufsize', `${bitrate / 4}`];
  await run('ffmpeg', ['-loglevel', 'error', '-y', ...input, ...codec, ...rate, unfinished]);
  await rename(unfinished, path);
  return path;
}
