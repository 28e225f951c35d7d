import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { RunSession } from '../camera/camera-relay.ts';
import { OnvifCamera } from '../onvif/onvif-camera.ts';
import { parseOnvifUrl, resolveOnvifSource } from '../onvif/onvif-source.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import { Attempt, attemptRtsp, attemptSession } from './attempt.ts';
import { describeVideo, playability } from './playability.ts';
import { complain } from './probe-advice.ts';
import { credentialsOf, kindOf, type Place, type ProbedCamera, placeOf, rtspSourceOf } from './probe-source.ts';
import type { ProbeStage } from './probe-stage.ts';
import { ProbeWalk } from './probe-walk.ts';

export interface ProbePorts {
  /** One attempt at a source that RTSP does not play; undefined where there is none. */
  readonly otherSource?: (() => RunSession | undefined) | undefined;
  /** Pictures of a camera that is pushed to us, as they come; undefined where nobody could push. */
  readonly pushed?: ((take: (unit: AccessUnit) => void) => () => void) | undefined;
}

const dialMs = 5_000;
const askMs = 8_000;
const playMs = 15_000;
const packetMs = 10_000;
const keyMs = 10_000;
/** After the first key picture, for the next one: cameras that send one less often are slow to open anyway. */
const studyMs = 5_000;
/** A stage that has a better word for it than being late speaks first. */
const graceMs = 1_000;

/** Walks a camera stage by stage and ends with the first that fails. Throws only the reason of `signal`. */
export async function* probeCamera(
  camera: ProbedCamera,
  ports: ProbePorts,
  signal: AbortSignal,
): AsyncGenerator<ProbeStage, void> {
  const walk = new ProbeWalk(signal);
  const kind = kindOf(camera.source);
  if (kind === 'push') return yield* watchPush(walk, ports, signal);
  yield* reach(walk, camera.source);
  if (walk.failed) return;
  const url = kind === 'onvif' ? yield* askDevice(walk, camera) : camera.source;
  if (url === undefined) return;
  const attempt = new Attempt();
  if (kind === 'file' || kind === 'stream') {
    const run = ports.otherSource?.() ?? notHere;
    yield* play(
      signal,
      (until) => attemptSession(attempt, run, until),
      () => see(walk, attempt),
    );
    return;
  }
  const source = rtspSourceOf(camera, url);
  yield* play(
    signal,
    (until) => attemptRtsp(attempt, source, until),
    () => showRtsp(walk, attempt, kind === 'rtsp'),
  );
}

/** Walks stages while the attempt runs, and ends it with them. */
async function* play(
  signal: AbortSignal,
  start: (until: AbortSignal) => Promise<void>,
  walk: () => AsyncGenerator<ProbeStage, void>,
): AsyncGenerator<ProbeStage, void> {
  const ending = new AbortController();
  const playing = start(AbortSignal.any([signal, ending.signal]));
  try {
    yield* walk();
  } finally {
    ending.abort();
    await playing;
  }
}

async function* showRtsp(walk: ProbeWalk, attempt: Attempt, reportsAuth: boolean): AsyncGenerator<ProbeStage, void> {
  yield* agree(walk, attempt, reportsAuth);
  if (!walk.failed) yield* see(walk, attempt);
}

/** Its name, and its port where it is one of TCP. */
async function* reach(walk: ProbeWalk, source: string): AsyncGenerator<ProbeStage, void> {
  const place = placeOf(source);
  if (!place) return;
  yield await walk.stage('dns', dialMs, async () => (await lookup(place.host)).address);
  if (!walk.failed && place.tcp) yield await walk.stage('tcp', dialMs, (limit) => dial(place, limit));
}

async function dial({ host, port }: Place, signal: AbortSignal): Promise<string> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal });
    return `port ${port} is open`;
  } finally {
    socket.destroy();
  }
}

/** Who the device is (which needs the password), and where it streams. */
async function* askDevice(walk: ProbeWalk, camera: ProbedCamera): AsyncGenerator<ProbeStage, string | undefined> {
  const { source, username, password } = camera;
  const credentials = credentialsOf(camera);
  yield await walk.stage('auth', askMs, async (limit) => {
    const { address } = parseOnvifUrl(source);
    const device = new OnvifCamera({ address, ...(credentials && { credentials }) });
    const { manufacturer, model } = await device.information(limit);
    return `${manufacturer} ${model}`.trim();
  });
  if (walk.failed) return undefined;
  let url: string | undefined;
  yield await walk.stage('profile', askMs, async (limit) => {
    const { rtspUrl, profile } = await resolveOnvifSource({ url: source, username, password }, limit);
    url = rtspUrl;
    const { video } = profile;
    return video ? `${profile.name} ${video.codec} ${video.width}×${video.height}` : profile.name;
  });
  return url;
}

/** RTSP asks for the password when it describes: a refusal there is about the password, not about the stream. */
async function* agree(walk: ProbeWalk, attempt: Attempt, reportsAuth: boolean): AsyncGenerator<ProbeStage, void> {
  const described = await walk.stage('describe', playMs, async () => {
    const { codec, sound } = await attempt.described.promise;
    return `${codec}${sound === undefined ? ', no sound' : `, sound ${sound}`}`;
  });
  const refused = described.code === 'unauthorized';
  if (refused) yield { ...described, stage: 'auth' };
  else {
    if (reportsAuth && described.ok)
      yield { stage: 'auth', ok: true, ms: 0, code: 'ok', message: 'the camera lets us in' };
    yield described;
  }
  if (walk.failed) return;
  yield await walk.stage('setup', playMs, async () => {
    await attempt.setUp.promise;
    return 'the camera agrees to play';
  });
  if (walk.failed) return;
  yield await walk.stage('first_packet', packetMs + graceMs, async () => {
    const came = await cameWithin(packetMs, attempt.packet.promise);
    if (!came) return { ok: false, ...complain('no_packets', 'The camera agreed to play and sends nothing.') };
    return 'packets come';
  });
}

/** The first key picture, and what the pictures are. */
async function* see(walk: ProbeWalk, attempt: Attempt): AsyncGenerator<ProbeStage, void> {
  yield await walk.stage('first_key_frame', keyMs + graceMs, async () => {
    const came = await cameWithin(keyMs, attempt.key.promise);
    if (!came) return { ok: false, ...complain('no_keyframe', 'No key picture came in 10 s.') };
    const { video } = attempt.study;
    return video ? describeVideo(video) : 'a key picture';
  });
  if (walk.failed) return;
  yield await walk.stage('playable', studyMs + graceMs, async () => {
    // A stream that ends meanwhile was seen long enough.
    await cameWithin(studyMs, attempt.studied.promise).catch(() => undefined);
    const { video } = attempt.study;
    if (!video) throw new Error('a key picture without its parameter sets');
    const { sound } = await attempt.described.promise;
    return { ...playability(video), video, ...(sound !== undefined && { sound }) };
  });
}

/** Nobody dials such a camera: it is waited for, as for any viewer. */
async function* watchPush(
  walk: ProbeWalk,
  { pushed }: ProbePorts,
  signal: AbortSignal,
): AsyncGenerator<ProbeStage, void> {
  const attempt = new Attempt();
  const stop = pushed?.((unit) => {
    attempt.described.resolve({ codec: unit.codec });
    attempt.packet.resolve();
    attempt.picture(unit);
  });
  try {
    yield await walk.stage('publisher', packetMs + graceMs, async () => {
      if (!pushed) return { ok: false, ...complain('ask_server', 'This camera pushes its stream.') };
      const came = await cameWithin(packetMs, attempt.packet.promise);
      return came ? 'somebody pushes' : { ok: false, ...complain('no_publisher', 'Nobody pushed in 10 s.') };
    });
    if (!walk.failed && !signal.aborted) yield* see(walk, attempt);
  } finally {
    stop?.();
  }
}

/** Whether the step is taken in time. */
async function cameWithin(ms: number, step: Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(late.resolve, ms, false);
  return await Promise.race([step.then(() => true), late.promise]).finally(() => clearTimeout(timer));
}

const notHere: RunSession = () => Promise.reject(new Error('nothing here plays this kind of source'));
