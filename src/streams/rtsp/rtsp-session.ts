import { setTimeout as sleep } from 'node:timers/promises';
import { parseRtpPacket, type RtpPacket } from '../rtp/rtp-packet.ts';
import type { Credentials } from './rtsp-auth.ts';
import { RtspClient } from './rtsp-client.ts';
import { RtspConnection } from './rtsp-connection.ts';
import { RtspError } from './rtsp-error.ts';
import { type Playing, play } from './rtsp-play.ts';
import { parseRtspUrl } from './rtsp-url.ts';
import type { AudioTrack, VideoTrack } from './sdp.ts';
import { SenderClock } from './sender-clock.ts';

export interface RtspSessionOptions {
  /** rtsp://; credentials in it count only when none are given beside it. */
  readonly url: string;
  readonly credentials?: Credentials;
  readonly signal: AbortSignal;
  /** Called once the camera agreed to play, before the first packet. */
  readonly onPlaying: (video: VideoTrack, audio?: AudioTrack) => void;
  /** The clock tells when the camera took a timestamp of this track, once a sender report came. */
  readonly onPacket: (packet: RtpPacket, clock: SenderClock) => void;
  /** Asks for the sound too, when the camera has one we can play. */
  readonly onAudioPacket?: (packet: RtpPacket, clock: SenderClock) => void;
}

const connectTimeoutMs = 5_000;
const teardownTimeoutMs = 1_000;

/**
 * One attempt to play a camera. Resolves when `signal` aborts (after a TEARDOWN), throws RtspError when the camera cannot
 * be played or is lost. It opens one connection, to the host in the URL and no other.
 */
export async function runRtspSession(options: RtspSessionOptions): Promise<void> {
  const { signal } = options;
  const target = parseRtspUrl(options.url);
  const receive = new Receiver(options);
  const connection = await RtspConnection.open({
    host: target.host,
    port: target.port,
    timeoutMs: connectTimeoutMs,
    onData: (channel, payload) => receive.take(channel, payload),
    signal,
  });
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  try {
    const client = new RtspClient(connection, options.credentials ?? target.credentials);
    const playing = await untilAborted(
      receive.start(play(client, { target, sound: options.onAudioPacket !== undefined })),
      aborted,
    );
    if (!playing) return;
    await Promise.race([keepAlive(client, playing, signal), connection.ended.then(rethrow), aborted]);
    await tearDown(client, playing);
  } finally {
    connection.close();
  }
}

/** Waits for PLAY's answer before it hands packets on: some cameras send the first of them ahead of it. */
class Receiver {
  readonly #options: RtspSessionOptions;
  readonly #early: [number, Buffer][] = [];
  readonly #videoClock = new SenderClock(90_000);
  #audioClock: SenderClock | undefined;
  #playing: Playing | undefined;

  constructor(options: RtspSessionOptions) {
    this.#options = options;
  }

  async start(playing: Promise<Playing>): Promise<Playing> {
    this.#playing = await playing;
    const { video, audio } = this.#playing;
    if (audio) this.#audioClock = new SenderClock(audio.clockRate);
    this.#options.onPlaying(video, audio);
    for (const [channel, payload] of this.#early.splice(0)) this.take(channel, payload);
    return this.#playing;
  }

  take(channel: number, payload: Buffer): void {
    if (!this.#playing) {
      if (this.#early.length < 1_024) this.#early.push([channel, payload]);
      return;
    }
    if (channel === this.#playing.channel) this.#video(payload, this.#playing);
    else if (channel === this.#playing.audioChannel) this.#audio(payload, this.#playing);
  }

  #video(payload: Buffer, { video }: Playing): void {
    const packet = parseRtpPacket(payload);
    if (packet?.payloadType === video.payloadType) this.#options.onPacket(packet, this.#videoClock);
  }

  #audio(payload: Buffer, { audio }: Playing): void {
    const packet = parseRtpPacket(payload);
    if (packet && packet.payloadType === audio?.payloadType && this.#audioClock) {
      this.#options.onAudioPacket?.(packet, this.#audioClock);
    }
  }
}

function untilAborted<T>(work: Promise<T>, aborted: Promise<void>): Promise<T | undefined> {
  return Promise.race([work, aborted.then(() => undefined)]);
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
      if (error instanceof RtspError && /\b454\b/.test(error.message)) {
        throw new RtspError('lost', 'The camera ended the session.', { cause: error });
      }
    });
  }
}

async function tearDown(client: RtspClient, { uri, session }: Playing): Promise<void> {
  const done = client.request({ method: 'TEARDOWN', uri, headers: [`Session: ${session}`] }).catch(() => undefined);
  await Promise.race([done, sleep(teardownTimeoutMs, undefined, { ref: false })]);
}
