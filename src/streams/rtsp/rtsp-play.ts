import type { RtspClient } from './rtsp-client.ts';
import { RtspError } from './rtsp-error.ts';
import type { RtspMessage } from './rtsp-reader.ts';
import { controlUrl, type RtspTarget } from './rtsp-url.ts';
import { type AudioTrack, parseSdp, type SessionDescription, type VideoTrack } from './sdp.ts';

/** A stream that plays: what is needed to keep it and to end it. */
export interface Playing {
  readonly video: VideoTrack;
  /** Set up too, when it was wanted and the camera let it. */
  readonly audio?: AudioTrack;
  /** The interleaved channels the tracks come on; their RTCP comes on the next. */
  readonly channel: number;
  readonly audioChannel?: number;
  readonly session: string;
  readonly uri: string;
  readonly timeoutMs: number;
  readonly keepAliveMethod: 'GET_PARAMETER' | 'OPTIONS';
}

export interface PlayOptions {
  readonly target: RtspTarget;
  /** Whether the sound is wanted, when there is one we can play. */
  readonly sound: boolean;
}

const soundChannel = 2;

/** OPTIONS, DESCRIBE, SETUP, PLAY over TCP interleaved (RFC 2326 §10). Throws RtspError naming what failed. */
export async function play(client: RtspClient, { target, sound }: PlayOptions): Promise<Playing> {
  const methods = await offeredMethods(client, target);
  const described = await client.request({ method: 'DESCRIBE', uri: target.url, headers: ['Accept: application/sdp'] });
  const description = parseSdp(described.body.toString('utf8'));
  const { video, audio } = description;
  const { aggregate, trackUrl } = urlsOf(target, described, description);
  const setUp = await client.request({ method: 'SETUP', uri: trackUrl(video), headers: [transportFor(0)] });
  const { session, timeoutMs } = readSession(header(setUp, 'session'));
  const channel = readChannel(header(setUp, 'transport'), 0);
  const headers = [`Session: ${session}`];
  const audioChannel = sound && audio ? await setUpSound(client, trackUrl(audio), headers) : undefined;
  await client.request({ method: 'PLAY', uri: aggregate, headers: [...headers, 'Range: npt=0.000-'] });
  const keepAliveMethod = methods.includes('GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS';
  const heard = audio && audioChannel !== undefined ? { audio, audioChannel } : {};
  return { video, channel, ...heard, session, uri: aggregate, timeoutMs, keepAliveMethod };
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

/** A camera that will not send its sound is still watched. */
async function setUpSound(client: RtspClient, uri: string, session: readonly string[]): Promise<number | undefined> {
  try {
    const setUp = await client.request({ method: 'SETUP', uri, headers: [transportFor(soundChannel), ...session] });
    return readChannel(header(setUp, 'transport'), soundChannel);
  } catch {
    return undefined;
  }
}

function transportFor(channel: number): string {
  return `Transport: RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`;
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

function readChannel(transport: string | undefined, wanted: number): number {
  if (transport && !/TCP/i.test(transport) && !/interleaved/i.test(transport)) {
    throw new RtspError('protocol', 'The camera does not send over TCP.');
  }
  const channel = /interleaved\s*=\s*(\d{1,3})/i.exec(transport ?? '')?.[1];
  return channel === undefined ? wanted : Math.min(255, Number(channel));
}
