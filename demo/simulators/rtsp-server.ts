import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ClipLoop, type LoopFrame, type OnPicture, packetizeClip } from './rtsp/clip-loop.ts';
import { type Clip, readClip } from './rtsp/mp4-clip.ts';
import { type AuthScheme, RtspGate } from './rtsp/rtsp-auth.ts';
import { type CameraBehaviour, RtspConnection, type RtspStream } from './rtsp/rtsp-connection.ts';
import type { RtspMisbehaviour } from './rtsp/rtsp-misbehaviour.ts';
import { sessionDescription } from './rtsp/rtsp-session-description.ts';

export interface RtspStreamOptions {
  /** Path of an MP4 with H.264 or H.265, or such a clip already read. */
  readonly clip: string | Clip;
  /** Pads up to this rate, in bits a second. */
  readonly bitrate?: number;
  /** Parameter sets in the SDP; on by default. */
  readonly sprop?: boolean;
  /** Parameter sets in front of each key frame; on by default. */
  readonly inBand?: boolean;
  /** Announces a (silent) audio track too. */
  readonly audio?: boolean;
  readonly onPicture?: OnPicture;
}

export interface RtspServerOptions {
  readonly host?: string;
  readonly port?: number;
  /** By path: `{ '/main': { clip } }`. */
  readonly streams: Readonly<Record<string, RtspStreamOptions>>;
  /** No username: no authentication. */
  readonly username?: string;
  readonly password?: string;
  readonly auth?: AuthScheme;
  readonly sessionTimeoutSeconds?: number;
}

/** A camera's RTSP server (RFC 2326 over TCP interleaved), with the switches that tests and benches need. */
export class SimulatedRtspServer {
  readonly #server: Server;
  readonly #camera: CameraBehaviour;
  readonly #host: string;
  readonly #open = new Map<Socket, RtspConnection>();
  #port: number;
  #dials = 0;

  constructor(camera: CameraBehaviour, { host, port }: { host: string; port: number }) {
    this.#camera = camera;
    this.#host = host;
    this.#port = port;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  get port(): number {
    return this.#port;
  }

  /** Of the first stream, without credentials. */
  get url(): string {
    return this.urlOf(this.#camera.streams[0]?.path ?? '/');
  }

  /** TCP connections accepted since the start. */
  get dials(): number {
    return this.#dials;
  }

  /** Connections open now. */
  get clients(): number {
    return this.#open.size;
  }

  /** Clients between PLAY and TEARDOWN. */
  get players(): number {
    return [...this.#open.values()].filter(({ playing }) => playing).length;
  }

  get password(): string {
    return this.#camera.gate.credentials.password;
  }

  set password(password: string) {
    this.#camera.gate.credentials = { ...this.#camera.gate.credentials, password };
  }

  urlOf(path: string): string {
    return `rtsp://${this.#host}:${this.#port}${path}`;
  }

  /** Accepts, then neither answers nor sends. */
  hang(): void {
    this.#camera.mode = 'hang';
  }

  /** Answers every request and sends no packet. */
  silence(): void {
    this.#camera.mode = 'silent';
  }

  /** Sends the same picture over and over. */
  freeze(): void {
    for (const { loop } of this.#camera.streams) loop.freeze();
  }

  /** Moves the RTP timestamps by so many seconds, back or forth. */
  jumpTimestamps(seconds: number): void {
    this.#camera.shiftTicks += seconds * 90_000;
  }

  /** The next request must answer a new challenge (`stale=true`). */
  expireNonce(): void {
    this.#camera.gate.expireNonce();
  }

  misbehave(how: RtspMisbehaviour | undefined): void {
    this.#camera.misbehaviour = how;
  }

  /** A reboot: every connection ends at once, the next is welcome. */
  dropAll(): void {
    for (const socket of this.#open.keys()) socket.resetAndDestroy();
  }

  /** Power off: nothing listens any more, nobody stays connected. */
  async refuse(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.dropAll();
    await closed;
  }

  /** Undoes `hang`, `silence`, `freeze`, `misbehave` and `refuse`: the same camera on the same port. */
  async restore(): Promise<void> {
    this.#camera.mode = 'normal';
    this.#camera.misbehaviour = undefined;
    for (const { loop } of this.#camera.streams) loop.thaw();
    if (!this.#server.listening) await this.listen();
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#port, this.#host);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Safe to call twice; no socket and no timer is left. */
  async close(): Promise<void> {
    await this.refuse();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #accept(socket: Socket): void {
    this.#dials += 1;
    this.#open.set(socket, new RtspConnection(socket, this.#camera));
    socket.on('close', () => this.#open.delete(socket));
  }
}

/** Reads the clips and listens; rejects when a clip cannot be read or the port is taken. */
export async function startRtspServer(options: RtspServerOptions): Promise<SimulatedRtspServer> {
  const { host = '127.0.0.1', port = 0, username, password = '', auth, sessionTimeoutSeconds = 60 } = options;
  const gate = new RtspGate(username === undefined ? 'none' : (auth ?? 'digest'), {
    username: username ?? '',
    password,
  });
  const streams = await loadStreams(options.streams, host);
  const behaviour = { mode: 'normal' as const, misbehaviour: undefined, shiftTicks: 0 };
  const server = new SimulatedRtspServer({ streams, gate, sessionTimeoutSeconds, ...behaviour }, { host, port });
  await server.listen();
  return server;
}

type Loaded = Omit<RtspStream, 'path'>;

/** Paths with the very same options object show the same loop; those with the same clip share its packets in memory. */
async function loadStreams(byPath: RtspServerOptions['streams'], host: string): Promise<RtspStream[]> {
  const loaded = new Map<RtspStreamOptions, Loaded>();
  const shelf: Shelf = { clips: new Map(), frames: new Map() };
  const streams: RtspStream[] = [];
  for (const [path, options] of Object.entries(byPath)) {
    const stream = loaded.get(options) ?? (await loadStream(options, host, shelf));
    loaded.set(options, stream);
    streams.push({ path, ...stream });
  }
  return streams;
}

/** What was read and packetized already. */
interface Shelf {
  readonly clips: Map<string, Clip>;
  readonly frames: Map<Clip, Map<string, LoopFrame[]>>;
}

async function loadStream(options: RtspStreamOptions, host: string, { clips, frames }: Shelf): Promise<Loaded> {
  const { clip: given, bitrate = 0, sprop = true, inBand = true, audio = false } = options;
  const clip = typeof given === 'string' ? (clips.get(given) ?? (await readClip(given))) : given;
  if (typeof given === 'string') clips.set(given, clip);
  const packetized = frames.get(clip) ?? new Map<string, LoopFrame[]>();
  const key = `${bitrate} ${inBand}`;
  const loopFrames = packetized.get(key) ?? packetizeClip(clip, { bitrate, inBand });
  frames.set(clip, packetized.set(key, loopFrames));
  return {
    loop: new ClipLoop(clip, loopFrames, options.onPicture),
    sdp: sessionDescription(clip, { host, sprop, audio }),
  };
}
