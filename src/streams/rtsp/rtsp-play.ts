import { lanes, type MediaTransport, type TrackLane } from './media-transport.ts';
import type { RtspClient } from './rtsp-client.ts';
import { RtspError } from './rtsp-error.ts';
import type { RtspMessage } from './rtsp-message.ts';
import { controlUrl, type RtspTarget } from './rtsp-url.ts';
import { type AudioTrack, parseSdp, type SessionDescription, type VideoTrack } from './sdp.ts';

/** A stream that plays: what is needed to keep it and to end it. */
export interface Playing {
  readonly video: VideoTrack;
  /** Set up too, when it was wanted and the camera let it. */
  readonly audio?: AudioTrack;
  /** What the camera's sound is when it is none we can play, like `G726-32`. */
  readonly otherSound?: string;
  readonly session: string;
  readonly uri: string;
  readonly timeoutMs: number;
  readonly keepAliveMethod: 'GET_PARAMETER' | 'OPTIONS';
}

export interface PlayOptions {
  readonly target: RtspTarget;
  readonly media: MediaTransport;
  /** Whether the sound is wanted, when there is one we can play. */
  readonly sound: boolean;
  readonly onDescribed?: ((description: SessionDescription) => void) | undefined;
}

/** OPTIONS, DESCRIBE, SETUP, PLAY (RFC 2326 §10). Throws RtspError naming what failed. */
export async function play(client: RtspClient, { target, media, sound, onDescribed }: PlayOptions): Promise<Playing> {
  const methods = await offeredMethods(client, target);
  const described = await client.request({ method: 'DESCRIBE', uri: target.url, headers: ['Accept: application/sdp'] });
  const description = parseSdp(described.body.toString('utf8'));
  onDescribed?.(description);
  const { aggregate, trackUrl } = urlsOf(target, described, description);
  const setUp = new SetUp(client, media);
  const { video, otherSound } = description;
  const { session, timeoutMs } = readSession(await setUp.track(lanes.video, trackUrl(video)));
  const audio = sound ? description.audio : undefined;
  const heard = audio && (await setUp.optional(lanes.audio, trackUrl(audio), session)) ? audio : undefined;
  await start(client, { session, aggregate, tracks: [video, ...(heard ? [heard] : [])].map(trackUrl) });
  const keepAliveMethod = methods.includes('GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS';
  const sounds = { ...(heard && { audio: heard }), ...(otherSound !== undefined && { otherSound }) };
  return { video, ...sounds, session, uri: aggregate, timeoutMs, keepAliveMethod };
}

interface ControlUrls {
  readonly aggregate: string;
  readonly trackUrl: (track: { readonly control?: string }) => string;
}

function urlsOf(target: RtspTarget, described: RtspMessage, { control }: SessionDescription): ControlUrls {
  const base = header(described, 'content-base') ?? header(described, 'content-location');
  const aggregate = controlUrl(target, base, control);
  return { aggregate, trackUrl: (track) => controlUrl(target, base ?? aggregate, track.control) };
}

class SetUp {
  readonly #client: RtspClient;
  readonly #media: MediaTransport;

  constructor(client: RtspClient, media: MediaTransport) {
    this.#client = client;
    this.#media = media;
  }

  /** The session the camera gives it, as it stands in its answer. */
  async track(lane: TrackLane, uri: string, session?: string): Promise<string | undefined> {
    const transport = `Transport: ${await this.#media.offer(lane)}`;
    const headers = [transport, ...(session === undefined ? [] : [`Session: ${session}`])];
    const answer = await this.#client.request({ method: 'SETUP', uri, headers });
    this.#media.agree(lane, header(answer, 'transport'));
    return header(answer, 'session');
  }

  /** A camera that will not send its sound is still watched. */
  async optional(lane: TrackLane, uri: string, session: string): Promise<boolean> {
    return await this.track(lane, uri, session).then(
      () => true,
      () => false,
    );
  }
}

interface Start {
  readonly session: string;
  readonly aggregate: string;
  readonly tracks: readonly string[];
}

/** Aggregate not allowed (RFC 2326 §11.3.10), or a camera that knows its tracks only. */
const notAsWhole = new Set([404, 459]);

async function start(client: RtspClient, { session, aggregate, tracks }: Start): Promise<void> {
  const headers = [`Session: ${session}`, 'Range: npt=0.000-'];
  try {
    await client.request({ method: 'PLAY', uri: aggregate, headers });
  } catch (error) {
    if (!(error instanceof RtspError) || !notAsWhole.has(error.status ?? 0)) throw error;
    for (const uri of tracks) await client.request({ method: 'PLAY', uri, headers });
  }
}

/** Some cameras know no OPTIONS: that is no reason not to play them. */
async function offeredMethods(client: RtspClient, target: RtspTarget): Promise<string> {
  try {
    return header(await client.request({ method: 'OPTIONS', uri: target.url }), 'public') ?? '';
  } catch (error) {
    if (error instanceof RtspError && error.failure === 'protocol') return '';
    throw error;
  }
}

function header(message: RtspMessage, name: string): string | undefined {
  return message.headers.get(name)?.[0];
}

/** RFC 2326 §12.37: 60 s unless the camera says otherwise. */
function readSession(value: string | undefined): { session: string; timeoutMs: number } {
  const parts = /^([\x21-\x3a\x3c-\x7e]{1,256})(?:\s*;\s*timeout\s*=\s*(\d{1,5}))?/i.exec(value ?? '');
  if (!parts?.[1]) throw new RtspError('protocol', 'The camera answered SETUP without a session.');
  return { session: parts[1], timeoutMs: Math.max(2, Number(parts[2] ?? 60)) * 1_000 };
}
