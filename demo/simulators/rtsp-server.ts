import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { freePort } from '../free-port.ts';
import { loadStreams, type RtspStreamOptions } from './rtsp/load-streams.ts';
import { type AuthScheme, RtspGate } from './rtsp/rtsp-auth.ts';
import { type CameraBehaviour, RtspConnection } from './rtsp/rtsp-connection.ts';
import type { RtspMisbehaviour } from './rtsp/rtsp-misbehaviour.ts';
import type { RtspOddities } from './rtsp/rtsp-oddities.ts';
import { closeUdpPorts, openUdpPorts } from './rtsp/udp-ports.ts';

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
  readonly odd?: RtspOddities;
  /** Makes it an rtsps:// server; both PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A camera's RTSP server (RFC 2326, over TCP and UDP), with the switches that tests and benches need. */
export class SimulatedRtspServer {
  readonly #server: Server;
  readonly #camera: CameraBehaviour;
  readonly #host: string;
  readonly #open = new Map<Socket, RtspConnection>();
  readonly #scheme: 'rtsp' | 'rtsps';
  #port: number;
  #dials = 0;
  #control: Buffer | undefined;

  constructor(camera: CameraBehaviour, { host = '127.0.0.1', port = 0, tls }: RtspServerOptions) {
    this.#camera = camera;
    camera.onControl = (data) => {
      this.#control = data;
    };
    this.#host = host;
    this.#port = port;
    this.#scheme = tls ? 'rtsps' : 'rtsp';
    const accept = (socket: Socket) => this.#accept(socket);
    this.#server = tls ? createTlsServer(tls, accept) : createServer(accept);
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

  /** Requests of all clients so far. */
  get requests(): number {
    return this.#camera.requests;
  }

  /** The RTCP that came last from any client. */
  get lastControl(): Buffer | undefined {
    return this.#control;
  }

  get password(): string {
    return this.#camera.gate.credentials.password;
  }

  set password(password: string) {
    this.#camera.gate.credentials = { ...this.#camera.gate.credentials, password };
  }

  urlOf(path: string): string {
    return `${this.#scheme}://${this.#host}:${this.#port}${path}`;
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

  /** Ends every stream by RTCP and leaves the connections open. */
  sayGoodbye(): void {
    for (const connection of this.#open.values()) connection.sayGoodbye();
  }

  /** A reboot: every connection ends at once, the next is welcome. */
  dropAll(): void {
    for (const socket of this.#open.keys()) {
      if (this.#scheme === 'rtsp') socket.resetAndDestroy();
      else socket.destroy();
    }
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
    if (!this.#camera.odd.refusesUdp) this.#camera.udp ??= await openUdpPorts(this.#host);
    this.#camera.udp?.rtcp.removeAllListeners('message').on('message', (data) => this.#camera.onControl(data));
  }

  /** Safe to call twice; no socket and no timer is left. */
  async close(): Promise<void> {
    await this.refuse();
    if (this.#camera.udp) closeUdpPorts(this.#camera.udp);
    this.#camera.udp = undefined;
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
  const { username, password = '', auth, sessionTimeoutSeconds = 60, odd = {} } = options;
  const scheme = username === undefined ? 'none' : (auth ?? 'digest');
  const camera: CameraBehaviour = {
    ...{ mode: 'normal', misbehaviour: undefined, shiftTicks: 0, udp: undefined, requests: 0, onControl: () => {} },
    ...{ sessionTimeoutSeconds, odd },
    gate: new RtspGate(scheme, { username: username ?? '', password }),
    streams: await loadStreams(options.streams, { host: options.host ?? '127.0.0.1', odd }),
  };
  // A camera that was off comes back on its port: nobody may have it meanwhile.
  const server = new SimulatedRtspServer(camera, { ...options, port: options.port || (await freePort(0)) });
  await server.listen();
  return server;
}
