import type { CameraConfig } from '../resolve-cameras.ts';
import type { Credentials } from '../rtsp/rtsp-auth.ts';
import type { RtspSessionOptions } from '../rtsp/rtsp-session.ts';
import { parseRtspUrl } from '../rtsp/rtsp-url.ts';

/** What is walked: a camera as configured, or one to try out. */
export type ProbedCamera = Pick<CameraConfig, 'source' | 'username' | 'password' | 'transport' | 'tls'>;

/** What an RTSP session is opened with. */
export type RtspSource = Pick<RtspSessionOptions, 'url' | 'credentials' | 'transport' | 'tls'>;

export type SourceKind = 'rtsp' | 'onvif' | 'push' | 'file' | 'stream';

export function kindOf(source: string): SourceKind {
  if (source === 'rtmp') return 'push';
  const scheme = /^([a-z]+):/i.exec(source)?.[1]?.toLowerCase();
  if (scheme === 'rtsp' || scheme === 'rtsps') return 'rtsp';
  return scheme === 'onvif' || scheme === 'file' ? scheme : 'stream';
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

const usualPorts: Record<string, number> = { 'onvif:': 80, 'http:': 80, 'https:': 443, 'rtmp:': 1935 };

/** Where a source is dialled; without `tcp` it is spoken to otherwise (SRT). Undefined for what has no host. */
export function placeOf(source: string): (Place & { readonly tcp: boolean }) | undefined {
  const kind = kindOf(source);
  if (kind === 'push' || kind === 'file') return undefined;
  if (kind === 'rtsp') {
    const { host, port } = parseRtspUrl(source);
    return { host, port, tcp: true };
  }
  const url = URL.parse(source);
  if (!url?.hostname) return undefined;
  const port = Number(url.port || (usualPorts[url.protocol] ?? 0));
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, tcp: url.protocol !== 'srt:' };
}

export function credentialsOf({ username, password = '' }: ProbedCamera): Credentials | undefined {
  return username === undefined ? undefined : { username, password };
}

/** The camera's own words on how it is played, with another URL when a device named it. */
export function rtspSourceOf(camera: ProbedCamera, url = camera.source): RtspSource {
  const { transport, tls } = camera;
  const credentials = credentialsOf(camera);
  return { url, ...(credentials && { credentials }), ...(transport && { transport }), ...(tls && { tls }) };
}
