import type { RtspClient } from './rtsp-client.ts';
import { RtspError } from './rtsp-error.ts';
import type { RtspMessage } from './rtsp-reader.ts';
import { controlUrl, type RtspTarget } from './rtsp-url.ts';
import { parseSdp, type VideoTrack } from './sdp.ts';

/** A stream that plays: what is needed to keep it and to end it. */
export interface Playing {
  readonly video: VideoTrack;
  /** The interleaved channel the video comes on. */
  readonly channel: number;
  readonly session: string;
  readonly uri: string;
  readonly timeoutMs: number;
  readonly keepAliveMethod: 'GET_PARAMETER' | 'OPTIONS';
}

/** OPTIONS, DESCRIBE, SETUP, PLAY over TCP interleaved (RFC 2326 §10). Throws RtspError naming what failed. */
export async function play(client: RtspClient, target: RtspTarget): Promise<Playing> {
  const methods = await offeredMethods(client, target);
  const described = await client.request({ method: 'DESCRIBE', uri: target.url, headers: ['Accept: application/sdp'] });
  const description = parseSdp(described.body.toString('utf8'));
  const base = header(described, 'content-base') ?? header(described, 'content-location');
  const aggregate = controlUrl(target, base, description.control);
  const track = controlUrl(target, base ?? aggregate, description.video.control);
  const transport = 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1';
  const setUp = await client.request({ method: 'SETUP', uri: track, headers: [transport] });
  const { session, timeoutMs } = readSession(header(setUp, 'session'));
  const channel = readChannel(header(setUp, 'transport'));
  const headers = [`Session: ${session}`, 'Range: npt=0.000-'];
  await client.request({ method: 'PLAY', uri: aggregate, headers });
  const keepAliveMethod = methods.includes('GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS';
  return { video: description.video, channel, session, uri: aggregate, timeoutMs, keepAliveMethod };
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

function readChannel(transport: string | undefined): number {
  if (transport && !/TCP/i.test(transport) && !/interleaved/i.test(transport)) {
    throw new RtspError('protocol', 'The camera does not send over TCP.');
  }
  const channel = /interleaved\s*=\s*(\d{1,3})/i.exec(transport ?? '')?.[1];
  return channel === undefined ? 0 : Math.min(255, Number(channel));
}
