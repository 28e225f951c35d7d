import type { AddressPolicy } from '../../shared/address-policy.ts';
import type { CameraConfig } from '../resolve-cameras.ts';
import type { StreamFailure } from '../stream-failure.ts';
import { type FfmpegInput, urlScript } from './ffmpeg-plan.ts';
import { HttpEgress } from './http-egress.ts';
import { pinSource } from './pinned-address.ts';
import type { OtherSource } from './source-url.ts';

/** A source that ffmpeg reads. */
export type FfmpegSource = Exclude<OtherSource, { readonly kind: 'push' }>;
type UrlSource = Exclude<FfmpegSource, { readonly kind: 'file' }>;

/** What ffmpeg is told to read for one attempt. `failure` is known only of what goes through us. */
export interface OpenedInput {
  readonly input: FfmpegInput;
  readonly failure: StreamFailure | undefined;
  close(): void;
}

type Login = Pick<CameraConfig, 'username' | 'password' | 'tls'>;

const silenceMicroseconds = 10_000_000;
/** Playlists come in bursts, a file as fast as the network carries it. */
const paced = /\.(?:m3u8|mp4|mov|mkv)$/i;

/** Makes ready what ffmpeg reads: resolves the host once, and lets ffmpeg reach that address alone. */
export class FfmpegInputs {
  readonly #policy: AddressPolicy;
  readonly #egress = new HttpEgress();

  constructor(policy: AddressPolicy) {
    this.#policy = policy;
  }

  /** Throws StreamFailure when the source may not be dialled. */
  async open(source: FfmpegSource, login: Login): Promise<OpenedInput> {
    if (source.kind === 'file') return alone({ kind: 'file', path: source.path });
    const address = await pinSource(source.url.hostname, this.#policy);
    return source.kind === 'http' ? await this.#http(source, address, login) : alone(direct(source, address));
  }

  /** Safe to call twice; no connection is left. */
  async close(): Promise<void> {
    await this.#egress.close();
  }

  async #http({ url }: UrlSource, address: string, { username, password = '', tls }: Login): Promise<OpenedInput> {
    const credentials = username === undefined ? loginOf(url) : { username, password };
    const plain = new URL(url);
    plain.username = '';
    plain.password = '';
    const origin = { url: plain, address, ...(credentials && { credentials }), ...(tls && { trust: tls }) };
    const way = await this.#egress.open(origin);
    const script = urlScript(way.startUrl, { http_proxy: way.proxyUrl, rw_timeout: silenceMicroseconds });
    return {
      input: { kind: 'url', script, protocols: ['http', 'tcp', 'hls', 'crypto'], paced: paced.test(url.pathname) },
      get failure() {
        return way.failure;
      },
      close: way.close,
    };
  }
}

/** The address in place of the name; what an RTMP server wants to be called is said apart. */
function direct({ kind, url }: UrlSource, address: string): FfmpegInput {
  const place = address.includes(':') ? `[${address}]` : address;
  const login = url.username === '' ? '' : `${url.username}:${url.password}@`;
  const path = `${url.pathname}${url.search}`;
  const pinned = `${kind}://${login}${place}${url.port && `:${url.port}`}${path}`;
  if (kind === 'srt') {
    const script = urlScript(pinned, { timeout: silenceMicroseconds });
    return { kind: 'url', script, protocols: ['srt', 'udp'], paced: false };
  }
  const tcurl = `rtmp://${url.host}/${url.pathname.split('/')[1] ?? ''}`;
  const script = urlScript(pinned, { rw_timeout: silenceMicroseconds, rtmp_tcurl: tcurl, rtmp_live: 'live' });
  return { kind: 'url', script, protocols: ['rtmp', 'tcp'], paced: false };
}

function loginOf({ username, password }: URL): { username: string; password: string } | undefined {
  return username === ''
    ? undefined
    : { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

function alone(input: FfmpegInput): OpenedInput {
  return { input, failure: undefined, close: () => undefined };
}
