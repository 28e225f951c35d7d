import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clip } from '../../demo/simulators/rtsp/mp4-clip.ts';
import type { RtspMisbehaviour } from '../../demo/simulators/rtsp/rtsp-misbehaviour.ts';
import { type SimulatedRtspServer, startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import { silentLog } from '../../src/shared/log.ts';
import { CameraStreams } from '../../src/streams/camera-streams.ts';
import type { CameraConfig } from '../../src/streams/resolve-cameras.ts';
import { baselineSps, h264Sets } from './rtp/packets.ts';
import { playableClip } from './rtsp/played.ts';

export interface EvilKind {
  readonly name: string;
  readonly how?: (canary: string) => RtspMisbehaviour;
  readonly clip?: Clip;
  readonly sprop?: boolean;
  /** What the camera is marked with. */
  readonly cause: string;
  readonly message: RegExp;
}

/** Of 256 megapixels, 400 MB a picture. */
const monsterSps = baselineSps(1_024, 1_024);
const monster: Clip = { ...playableClip(), parameterSets: [monsterSps, ...h264Sets.slice(1)] };
const elsewhere = /points to another address .* never followed/;

export const evilKinds: readonly EvilKind[] = [
  {
    name: '302 to a server beside it',
    how: (location) => ({ kind: 'redirect', location }),
    cause: 'protocol',
    message: elsewhere,
  },
  ...['rtsp://169.254.169.254/latest/', 'file:///etc/passwd', 'http://127.0.0.1/'].map((location) => ({
    name: `302 to ${location}`,
    how: () => ({ kind: 'redirect', location }) as const,
    cause: 'protocol',
    message: elsewhere,
  })),
  {
    name: 'a body of 2 GB',
    how: () => ({ kind: 'huge-content-length' }),
    cause: 'protocol',
    message: /longer than 256 KiB/,
  },
  {
    name: 'a header line without end',
    how: () => ({ kind: 'endless-header' }),
    cause: 'protocol',
    message: /line longer than 8 KiB/,
  },
  { name: 'random bytes', how: () => ({ kind: 'random-bytes' }), cause: 'protocol', message: /neither a message nor/ },
  {
    name: 'lengths that lie',
    how: () => ({ kind: 'interleaved-lies' }),
    cause: 'protocol',
    message: /neither a message nor/,
  },
  {
    name: 'tracks without end',
    how: () => ({ kind: 'endless-tracks' }),
    cause: 'protocol',
    message: /more than 16 tracks|longer than 256/,
  },
  {
    name: 'a digest that is never right',
    how: () => ({ kind: 'digest-loop' }),
    cause: 'unauthorized',
    message: /check username/,
  },
  { name: 'an SPS of 16384x16384', clip: monster, cause: 'codec', message: /16384x16384/ },
  { name: 'such an SPS in the stream only', clip: monster, sprop: false, cause: 'codec', message: /16384x16384/ },
];

export interface EvilOutcome {
  readonly name: string;
  readonly cause: string | undefined;
  readonly sentence: string | undefined;
  readonly verdictMs: number;
}

export interface Neighbourhood {
  readonly outcomes: readonly EvilOutcome[];
  readonly connectionsElsewhere: number;
  /** Pictures of the good cameras, while the evil ones were at it. */
  readonly aired: number;
  readonly missing: number;
  readonly rssBefore: number;
  readonly rssPeak: number;
}

const login = { username: 'operator', password: 'canary-secret' };

/** Good cameras and evil ones side by side in one relay, watched for `seconds` after the last verdict on the evil. */
export async function neighbourhood(kinds: readonly EvilKind[], good: number, seconds: number): Promise<Neighbourhood> {
  await using opened = new AsyncDisposableStack();
  const canary = opened.use(await startCanary());
  const neighbours = opened.use(await startNeighbours(good));
  const evil = await Promise.all(kinds.map(async (kind) => opened.use(await startEvil(kind, canary.url))));
  const cameras = [...neighbours.urls, ...evil.map(({ url }) => url)].map((source, n) => config(source, n));
  const streams = opened.use(
    new CameraStreams({
      cameras,
      resolveOnvif: async ({ url }) => ({ rtspUrl: url }),
      ffmpegPath: 'ffmpeg',
      log: silentLog,
    }),
  );
  const ids = cameras.map(({ id }) => id);
  const got = new Count();
  for (const id of ids.slice(0, good)) opened.defer(streams.feed(id, () => got.add()));
  await until(() => ids.slice(0, good).every((id) => streams.status(id)?.state.phase === 'live'));
  const rss = watchMemory();
  opened.defer(() => rss.stop());
  const [aired, seen] = [neighbours.aired(), got.value];
  const outcomes = await Promise.all(
    kinds.map((kind, n) => provoke(streams, ids[good + n] ?? '', { kind, until: opened })),
  );
  await delay(seconds * 1_000);
  const duringAired = neighbours.aired() - aired;
  return {
    outcomes,
    connectionsElsewhere: canary.connections(),
    aired: duringAired,
    missing: duringAired - (got.value - seen),
    rssBefore: rss.before,
    rssPeak: rss.peak(),
  };
}

function config(source: string, n: number): CameraConfig {
  return { id: `camera-${n}`, name: `${n}`, source, tags: [], ...login };
}

class Count {
  value = 0;

  add(): void {
    this.value += 1;
  }
}

interface Provocation {
  readonly kind: EvilKind;
  readonly until: AsyncDisposableStack;
}

async function provoke(streams: CameraStreams, id: string, { kind, until: opened }: Provocation): Promise<EvilOutcome> {
  const began = performance.now();
  opened.defer(streams.feed(id, () => {}));
  await until(() => streams.status(id)?.state.phase === 'waiting');
  const state = streams.status(id)?.state;
  return { name: kind.name, cause: state?.cause, sentence: state?.message, verdictMs: performance.now() - began };
}

async function until(condition: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  while (!condition()) await delay(20, undefined, { signal });
}

async function startEvil(
  { how, clip = playableClip(), sprop = true }: EvilKind,
  canary: string,
): Promise<SimulatedRtspServer> {
  const server = await startRtspServer({ streams: { '/main': { clip, sprop } } });
  if (how) server.misbehave(how(canary));
  return server;
}

async function startNeighbours(count: number) {
  const aired = new Count();
  const stream = () => ({ clip: playableClip(), onPicture: () => aired.add() });
  const paths = Array.from({ length: count }, (_, n) => `/good-${n}`);
  const server = await startRtspServer({
    streams: Object.fromEntries(paths.map((path) => [path, stream()])),
    ...login,
  });
  return {
    urls: paths.map((path) => server.urlOf(path)),
    aired: () => aired.value,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** Nobody has any reason to connect here. */
async function startCanary() {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `rtsp://127.0.0.1:${port}/`,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

function watchMemory() {
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 50);
  return { before, peak: () => peak, stop: () => clearInterval(timer) };
}
