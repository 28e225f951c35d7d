import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MemoryPool } from '../rtp/memory-pool.ts';
import { InterleavedMedia } from './interleaved-media.ts';
import type { LaneSink, MediaTransport } from './media-transport.ts';
import type { Credentials } from './rtsp-auth.ts';
import { RtspClient } from './rtsp-client.ts';
import { RtspConnection } from './rtsp-connection.ts';
import type { TlsTrust } from './rtsp-dial.ts';
import { RtspError } from './rtsp-error.ts';
import { type Playing, play } from './rtsp-play.ts';
import { parseRtspUrl } from './rtsp-url.ts';
import type { AudioTrack, SessionDescription, VideoTrack } from './sdp.ts';
import { SessionReceiver } from './session-receiver.ts';
import type { OnPacket } from './track-receiver.ts';
import { UdpMedia } from './udp-media.ts';

export interface RtspSessionOptions {
  /** rtsp:// or rtsps://; credentials in it count only when none are given beside it. */
  readonly url: string;
  readonly credentials?: Credentials;
  /** How packets come; interleaved with the RTSP connection unless it says `udp`. */
  readonly transport?: 'tcp' | 'udp';
  /** How the camera of an rtsps:// URL proves who it is. */
  readonly tls?: TlsTrust;
  readonly signal: AbortSignal;
  /** Called once the camera said what it has, before any of it is set up. */
  readonly onDescribed?: (description: SessionDescription) => void;
  /** Called once the camera agreed to play, before the first packet; `otherSound` names sound that we cannot play. */
  readonly onPlaying: (video: VideoTrack, audio?: AudioTrack, otherSound?: string) => void;
  readonly onPacket: OnPacket;
  /** Asks for the sound too, when the camera has one we can play. */
  readonly onAudioPacket?: OnPacket;
  /** Where the memory to read into comes from; of its own when not given. */
  readonly slabs?: MemoryPool | undefined;
}

const connectTimeoutMs = 5_000;
const teardownTimeoutMs = 1_000;
const reportEveryMs = 5_000;

/**
 * One attempt to play a camera. Resolves when `signal` aborts (after a TEARDOWN), throws RtspError when the camera cannot
 * be played or is lost. It talks to the host in the URL and to no other.
 */
export async function runRtspSession(options: RtspSessionOptions): Promise<void> {
  const { signal } = options;
  const target = parseRtspUrl(options.url);
  const receiver = new SessionReceiver(options);
  const { connection, media } = await openLine(options, receiver);
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  try {
    const credentials = options.credentials ?? target.credentials;
    const client = new RtspClient(connection, { credentials, secure: target.tls });
    const sound = options.onAudioPacket !== undefined;
    const playing = await Promise.race([
      play(client, { target, media, sound, onDescribed: options.onDescribed }),
      aborted,
    ]);
    if (!playing) return;
    receiver.start(playing);
    const upkeep = [keepAlive(client, playing, signal), report(media, receiver, signal)];
    await Promise.race([...upkeep, receiver.ended, connection.ended.then(rethrow), aborted]);
    media.close();
    await tearDown(client, playing);
  } finally {
    media.close();
    connection.close();
  }
}

interface Line {
  readonly connection: RtspConnection;
  readonly media: MediaTransport;
}

async function openLine(options: RtspSessionOptions, receiver: SessionReceiver): Promise<Line> {
  const { url, transport, tls, signal, slabs } = options;
  const target = parseRtspUrl(url);
  if (target.tls && transport === 'udp') {
    throw new RtspError('protocol', 'An rtsps:// source comes over TCP only; set its transport to tcp.');
  }
  const sink: LaneSink = (lane, packet) => receiver.take(lane, packet);
  const interleaved = new InterleavedMedia(sink);
  const connection = await RtspConnection.open({
    ...target,
    ...(tls && { trust: tls }),
    timeoutMs: connectTimeoutMs,
    onData: interleaved.take,
    slabs,
    signal,
  });
  if (transport === 'udp') return { connection, media: new UdpMedia({ ...connection.addresses, sink }) };
  interleaved.sendThrough(connection);
  return { connection, media: interleaved };
}

function rethrow(error: RtspError): never {
  throw error;
}

/** Twice per session timeout. A camera that does not answer may still send; one that forgot the session says so (454). */
async function keepAlive(client: RtspClient, playing: Playing, signal: AbortSignal): Promise<void> {
  const { keepAliveMethod: method, uri, session, timeoutMs } = playing;
  while (!signal.aborted) {
    await sleep(Math.min(timeoutMs / 2, 30_000), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await client.request({ method, uri, headers: [`Session: ${session}`] }).catch((error: unknown) => {
      if (error instanceof RtspError && error.status === 454) {
        throw new RtspError('lost', 'The camera ended the session.', { cause: error });
      }
    });
  }
}

/** Tells the camera each 5 s how its packets arrive: some stop sending to who says nothing (RFC 3550 §6.2). */
async function report(media: MediaTransport, receiver: SessionReceiver, signal: AbortSignal): Promise<void> {
  const self = randomInt(2 ** 32);
  while (!signal.aborted) {
    await sleep(reportEveryMs, undefined, { signal }).catch(() => undefined);
    for (const [lane, track] of signal.aborted ? [] : receiver.tracks) media.report(lane, track.report(self));
  }
}

async function tearDown(client: RtspClient, { uri, session }: Playing): Promise<void> {
  const done = client.request({ method: 'TEARDOWN', uri, headers: [`Session: ${session}`] }).catch(() => undefined);
  await Promise.race([done, sleep(teardownTimeoutMs, undefined, { ref: false })]);
}
