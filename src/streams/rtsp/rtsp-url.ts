import type { Credentials } from './rtsp-auth.ts';
import { RtspError } from './rtsp-error.ts';

export interface RtspTarget {
  readonly host: string;
  readonly port: number;
  /** Whether it is rtsps://. */
  readonly tls: boolean;
  /** The URL without credentials, as it goes into a request. */
  readonly url: string;
  /** Credentials that stood in the URL. */
  readonly credentials?: Credentials;
}

/** Takes a URL apart; credentials never stay in it. Throws RtspError, which does not show the URL. */
export function parseRtspUrl(source: string): RtspTarget {
  const parts = /^(rtsps?):\/\/(?:([^@/?#]*)@)?(\[[0-9a-f:.]+\]|[^:/?#[\]@]+)(?::(\d{1,5}))?([/?][^\s#]*)?$/i.exec(
    source,
  );
  const [, scheme = '', login, host, port, path = '/'] = parts ?? [];
  if (!host) throw new RtspError('protocol', 'The source is not an rtsp:// URL with a host.');
  const tls = scheme.toLowerCase() === 'rtsps';
  const usualPort = tls ? 322 : 554;
  const credentials = login === undefined ? undefined : parseLogin(login);
  const place = port === undefined || Number(port) === usualPort ? host : `${host}:${port}`;
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? usualPort : Number(port),
    tls,
    url: `${tls ? 'rtsps' : 'rtsp'}://${place}${path}`,
    ...(credentials && { credentials }),
  };
}

function parseLogin(login: string): Credentials {
  const colon = login.indexOf(':');
  const [username, password] = colon < 0 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)];
  return { username: decode(username), password: decode(password) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The URL a track is set up with (RFC 2326 §C.1.1). Cameras build it by appending, with or without a slash, and behind
 * NAT they name an address of their own: whatever host they name, ours stands in the request.
 */
export function controlUrl(target: RtspTarget, base: string | undefined, control: string | undefined): string {
  const from = base ? onOurHost(target, base) : target.url;
  if (control === undefined || control === '*' || control === '') return from;
  if (/^rtsps?:\/\//i.test(control)) return onOurHost(target, control);
  return `${from}${from.endsWith('/') || control.startsWith('/') ? '' : '/'}${control}`;
}

function onOurHost(target: RtspTarget, url: string): string {
  const path = /^rtsps?:\/\/[^/?#]*([/?][^\s#]*)?/i.exec(url)?.[1] ?? '/';
  return `${/^rtsps?:\/\/[^/?#]*/i.exec(target.url)?.[0] ?? ''}${path}`;
}
