import type { CameraConfig } from '../resolve-cameras.ts';
import { ConnectionMemory } from '../rtsp/connection-memory.ts';
import { parseRtspUrl } from '../rtsp/rtsp-url.ts';
import { StreamFailure } from '../stream-failure.ts';
import type { RunSession } from './camera-relay.ts';
import { type PlayableSource, runCameraSession } from './camera-session.ts';
import type { WatchLimits } from './picture-watch.ts';

/** From a device that speaks ONVIF to the URL of its stream. */
export type ResolveOnvif = (
  device: { readonly url: string; readonly username: string; readonly password: string },
  signal: AbortSignal,
) => Promise<{ readonly rtspUrl: string }>;

export interface SourceSessionOptions {
  readonly resolveOnvif: ResolveOnvif;
  readonly limits?: WatchLimits | undefined;
  /** Plays what RTSP does not; undefined for a camera that RTSP plays. */
  readonly otherSource?: ((config: CameraConfig) => RunSession | undefined) | undefined;
}

const resolveTimeoutMs = 10_000;

/** How a camera's `source` is played, once: by what kind of source it is. All cameras asked for here share their memory. */
export function sourceSession(options: SourceSessionOptions): (config: CameraConfig) => RunSession {
  const { resolveOnvif, limits, otherSource } = options;
  const memory = new ConnectionMemory();
  return (config) => async (events, signal) => {
    const other = otherSource?.(config);
    if (other) return await other(events, signal);
    const source = await resolve(config, resolveOnvif, signal);
    await runCameraSession({ source, signal, events, memory, ...(limits && { limits }) });
  };
}

async function resolve(config: CameraConfig, resolveOnvif: ResolveOnvif, signal: AbortSignal): Promise<PlayableSource> {
  const { source, username, password = '', transport, tls } = config;
  const credentials = username === undefined ? {} : { credentials: { username, password } };
  const way = { ...credentials, ...(transport && { transport }), ...(tls && { tls }) };
  if (!source.startsWith('onvif:')) return { url: source, ...way };
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(resolveTimeoutMs)]);
  const device = { url: source, username: username ?? '', password };
  const { rtspUrl } = await resolveOnvif(device, deadline);
  refuseOtherHost(source, rtspUrl);
  return { url: rtspUrl, ...way };
}

/** A device may only name its own address: credentials never go anywhere else (T21, T22). */
function refuseOtherHost(source: string, rtspUrl: string): void {
  const registered = URL.parse(source.replace(/^onvif:/, 'http:'))?.hostname;
  if (parseRtspUrl(rtspUrl).host.toLowerCase() === registered?.replace(/^\[|\]$/g, '')) return;
  throw new StreamFailure('protocol', 'The camera names a stream on another host than its own; it is not followed.');
}
