import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { AppError } from '../../shared/app-error.ts';
import { OnvifCamera } from './onvif-camera.ts';
import { type OnvifSource, parseOnvifUrl, resolveOnvifSource } from './onvif-source.ts';

export type ProbeStageName = 'dns' | 'tcp' | 'auth' | 'profile' | 'describe' | 'first_key_frame' | 'playable';

/** One stage that was tried, and how long it took. The first that is not `ok` is the last. */
export interface ProbeStageResult {
  readonly stage: ProbeStageName;
  readonly ok: boolean;
  readonly ms: number;
  readonly message: string;
}

/** An `onvif://` or `rtsp://` camera with its credentials. */
export type ProbeSource = OnvifSource;

export interface ProbedPicture {
  readonly codec: 'h264' | 'h265';
  readonly width: number;
  readonly height: number;
}

export interface ProbePorts {
  /**
   * Plays an `rtsp://` source until its first key frame: calls `onPlaying` once the camera agreed to play, resolves with the
   * picture, and leaves no connection. Errors may carry `code` or `failure` with `unauthorized`.
   */
  readonly play: (source: ProbeSource, onPlaying: () => void, signal: AbortSignal) => Promise<ProbedPicture>;
}

const stageTimeoutMs = 5_000;
const pictureTimeoutMs = 15_000;

/** Walks a camera stage by stage and ends with the first that fails. Throws only the reason of `signal`. */
export async function* probeCamera(
  source: ProbeSource,
  ports: ProbePorts,
  signal: AbortSignal,
): AsyncGenerator<ProbeStageResult, void> {
  const walk = new Walk(signal);
  const isOnvif = source.url.startsWith('onvif:');
  const { hostname, port } = target(source.url);
  yield await walk.stage('dns', async () => addressOf(hostname));
  if (walk.failed) return;
  yield await walk.stage('tcp', (limit) => dial(hostname, port, limit));
  if (walk.failed) return;
  const played = isOnvif ? yield* askDevice(source, walk) : source;
  if (!walk.failed && played) yield* watch(played, { ports, walk, reportsAuth: !isOnvif });
}

/** Who the device is (which needs the password), and where it streams. */
async function* askDevice(source: ProbeSource, walk: Walk): AsyncGenerator<ProbeStageResult, ProbeSource | undefined> {
  yield await walk.stage('auth', async (limit) => {
    const { username, password = '' } = source;
    const credentials = username ? { credentials: { username, password } } : {};
    const { manufacturer, model } = await new OnvifCamera({
      address: parseOnvifUrl(source.url).address,
      ...credentials,
    }).information(limit);
    return `${manufacturer} ${model}`.trim();
  });
  if (walk.failed) return undefined;
  let url: string | undefined;
  yield await walk.stage('profile', async (limit) => {
    const { rtspUrl, profile } = await resolveOnvifSource(source, limit);
    url = rtspUrl;
    const { video } = profile;
    return video ? `${profile.name} ${video.codec} ${video.width}×${video.height}` : profile.name;
  });
  return url === undefined ? undefined : { ...source, url };
}

async function* watch(
  source: ProbeSource,
  { ports, walk, reportsAuth }: { ports: ProbePorts; walk: Walk; reportsAuth: boolean },
): AsyncGenerator<ProbeStageResult, void> {
  const playing = Promise.withResolvers<void>();
  const ending = new AbortController();
  const signal = AbortSignal.any([walk.signal, ending.signal, AbortSignal.timeout(pictureTimeoutMs)]);
  const picture = ports.play(source, playing.resolve, signal);
  picture.then(() => playing.resolve(), playing.reject);
  try {
    const described = await walk.stage('describe', async () => {
      await playing.promise;
      return 'the camera agrees to play';
    });
    yield* reportsAuth ? withAuth(described, walk) : [described];
    if (walk.failed) return;
    yield await walk.stage('first_key_frame', async () => {
      const { codec, width, height } = await picture;
      return `${codec} ${width}×${height}`;
    });
    if (!walk.failed) yield await walk.stage('playable', async () => playability(await picture));
  } finally {
    ending.abort();
    await picture.catch(() => undefined);
  }
}

/** RTSP asks for the password when it describes: a refusal there is about the password, not about the stream. */
function withAuth(described: ProbeStageResult, { unauthorized }: Walk): ProbeStageResult[] {
  if (unauthorized) return [{ ...described, stage: 'auth' }];
  return described.ok ? [{ ...described, stage: 'auth', message: 'the camera lets us in' }, described] : [described];
}

function playability({ codec, width, height }: ProbedPicture): string {
  if (codec === 'h264') return `every browser plays H.264 at ${width}×${height}`;
  return 'H.265 plays in browsers that decode it in hardware; a substream in H.264 plays in all';
}

/** Runs stages: measures them, remembers a failure, and lets the caller's own abort through. */
class Walk {
  readonly signal: AbortSignal;
  failed = false;
  unauthorized = false;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  async stage(stage: ProbeStageName, work: (limit: AbortSignal) => Promise<string>): Promise<ProbeStageResult> {
    this.signal.throwIfAborted();
    const startedAt = performance.now();
    const took = () => Math.round(performance.now() - startedAt);
    try {
      const message = await work(AbortSignal.any([this.signal, AbortSignal.timeout(stageTimeoutMs)]));
      return { stage, ok: true, ms: took(), message };
    } catch (error) {
      this.signal.throwIfAborted();
      this.failed = true;
      this.unauthorized = isUnauthorized(error);
      return { stage, ok: false, ms: took(), message: explain(error) };
    }
  }
}

function target(url: string): { hostname: string; port: number } {
  const { hostname, port, protocol } = new URL(url);
  return { hostname: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (protocol === 'onvif:' ? 80 : 554)) };
}

async function addressOf(hostname: string): Promise<string> {
  const { address } = await lookup(hostname);
  return address;
}

async function dial(host: string, port: number, signal: AbortSignal): Promise<string> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    return `port ${port} is open`;
  } finally {
    socket.destroy();
  }
}

function isUnauthorized(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'unauthorized') || ('failure' in error && error.failure === 'unauthorized');
}

/** Our own errors speak for themselves; of others only the system's code is shown, the rest might hold a secret. */
function explain(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof DOMException || (error instanceof Error && error.name === 'AbortError'))
    return 'no answer in time';
  return error instanceof Error && 'code' in error ? String(error.code) : 'it failed for a reason that is in the log';
}
