import type { Credentials } from './rtsp-auth.ts';
import { RtspError } from './rtsp-error.ts';

export interface RtspTarget {
  readonly host: string;
  readonly port: number;
  /** The URL without credentials, as it goes into a request. */
  readonly url: string;
  /** Credentials that stood in the URL. */
  readonly credentials?: Credentials;
}

/** Takes a URL apart; credentials never stay in it. Throws RtspError, which does not show the URL. */
export function parseRtspUrl(source: string): RtspTarget {
  const parts = /^rtsp:\/\/(?:([^@/?#]*)@)?(\[[0-9a-f:.]+\]|[^:/?#[\]@]+)(?::(\d{1,5}))?([/?][^\s#]*)?$/i.exec(source);
  const [, login, host, port, path = '/'] = parts ?? [];
  if (!host) throw new RtspError('protocol', 'The source is not an rtsp:// URL with a host.');
  const credentials = login === undefined ? undefined : parseLogin(login);
  const place = port === undefined || port === '554' ? host : `${host}:${port}`;
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? 554 : Number(port),
    url: `rtsp://${place}${path}`,
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
  if (/^rtsp:\/\//i.test(control)) return onOurHost(target, control);
  return `${from}${from.endsWith('/') || control.startsWith('/') ? '' : '/'}${control}`;
}

function onOurHost(target: RtspTarget, url: string): string {
  const path = /^rtsp:\/\/[^/?#]*([/?][^\s#]*)?/i.exec(url)?.[1] ?? '/';
  return `${/^rtsp:\/\/[^/?#]*/i.exec(target.url)?.[0] ?? ''}${path}`;
}
