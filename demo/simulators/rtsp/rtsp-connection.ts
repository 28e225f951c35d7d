import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ClipLoop } from './clip-loop.ts';
import type { ClipSound } from './clip-sound.ts';
import type { RtspGate } from './rtsp-auth.ts';
import { misbehave, type RtspMisbehaviour } from './rtsp-misbehaviour.ts';
import type { RtspOddities } from './rtsp-oddities.ts';
import { RtspReader, type RtspRequest } from './rtsp-reader.ts';
import { RtspTracks } from './rtsp-tracks.ts';
import type { UdpPorts } from './udp-ports.ts';

export interface RtspStream {
  readonly path: string;
  readonly loop: ClipLoop;
  readonly sound: ClipSound | undefined;
  /** The SDP for who asks at this URL. */
  readonly describe: (url: string) => string;
}

/** What all connections of one simulated camera share and its controls change. */
export interface CameraBehaviour {
  readonly streams: readonly RtspStream[];
  readonly gate: RtspGate;
  readonly sessionTimeoutSeconds: number;
  readonly odd: RtspOddities;
  mode: 'normal' | 'hang' | 'silent';
  misbehaviour: RtspMisbehaviour | undefined;
  shiftTicks: number;
  udp: UdpPorts | undefined;
  requests: number;
  /** RTCP that clients sent. */
  onControl: (data: Buffer) => void;
}

interface Answer {
  readonly status: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

const methods = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN';
/** An RTP packet and a report of a session that is long over. */
const leftOvers = Buffer.concat([
  Buffer.from([0x24, 0, 0, 14, 0x80, 0x60, 0, 1, 0, 0, 0, 1, 9, 9, 9, 9, 0x41, 0x9a]),
  Buffer.from([0x24, 1, 0, 8, 0x80, 201, 0, 1, 9, 9, 9, 9]),
]);

/** One client: its session, what it set up and what it is being sent (RFC 2326). */
export class RtspConnection {
  readonly #socket: Socket;
  readonly #camera: CameraBehaviour;
  readonly #reader = new RtspReader();
  readonly #session = randomBytes(6).toString('hex');
  readonly #expiry: NodeJS.Timeout;
  readonly #tracks: RtspTracks;
  #playing = false;

  constructor(socket: Socket, camera: CameraBehaviour) {
    this.#socket = socket;
    this.#camera = camera;
    const muted = () => camera.mode !== 'normal';
    const shiftTicks = () => camera.shiftTicks;
    this.#tracks = new RtspTracks({ socket, odd: camera.odd, udp: () => camera.udp, muted, shiftTicks });
    this.#expiry = setTimeout(() => socket.destroy(), camera.sessionTimeoutSeconds * 1_000);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('close', () => this.#end());
  }

  get playing(): boolean {
    return this.#playing;
  }

  sayGoodbye(): void {
    this.#tracks.sayGoodbye();
  }

  #end(): void {
    clearTimeout(this.#expiry);
    this.#tracks.stop();
    this.#playing = false;
  }

  #read(chunk: Buffer): void {
    if (this.#camera.mode === 'hang') return;
    try {
      for (const input of this.#reader.push(chunk)) {
        if (input.type === 'request') this.#take(input.request);
        else this.#camera.onControl(input.data);
      }
    } catch {
      this.#socket.end('RTSP/1.0 400 Bad Request\r\n\r\n');
    }
  }

  #take(request: RtspRequest): void {
    this.#expiry.refresh();
    this.#camera.requests += 1;
    const { misbehaviour, odd } = this.#camera;
    if (misbehaviour && misbehave(misbehaviour, request, this.#socket)) return;
    const { status, headers = [], body = '' } = this.#answer(request);
    const sequence = odd.noSequence ? [] : [`CSeq: ${request.headers.get('cseq') ?? 0}`];
    const lines = [`RTSP/1.0 ${status}`, ...sequence, 'Server: simulated', ...headers];
    if (body) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
    if (odd.earlyPackets && !this.#playing) this.#socket.write(leftOvers);
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    if (request.method === 'TEARDOWN') this.#socket.end();
    // The first picture must not overtake the answer to PLAY.
    if (this.#playing) this.#tracks.start();
  }

  #answer(request: RtspRequest): Answer {
    const { gate, odd } = this.#camera;
    if (request.method === 'OPTIONS') {
      return odd.noOptions ? { status: '501 Not Implemented' } : { status: '200 OK', headers: [`Public: ${methods}`] };
    }
    const authorization = request.headers.get('authorization');
    if (!gate.allows(request.method, authorization)) {
      const challenges = gate.challenges(authorization).map((challenge) => `WWW-Authenticate: ${challenge}`);
      return { status: '401 Unauthorized', headers: challenges };
    }
    const stream = this.#find(request.url);
    if (!stream) return { status: '404 Not Found' };
    return this.#perform(request, stream);
  }

  #perform(request: RtspRequest, stream: RtspStream): Answer {
    switch (request.method) {
      case 'DESCRIBE':
        return this.#describe(request, stream);
      case 'SETUP':
        return this.#setup(request, stream);
      case 'PLAY':
        return this.#play(request);
      case 'PAUSE':
        return this.#pause();
      case 'TEARDOWN':
        this.#end();
        return { status: '200 OK' };
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
        return { status: '200 OK', headers: [`Session: ${this.#session}`] };
      default:
        return { status: '405 Method Not Allowed', headers: [`Allow: ${methods}`] };
    }
  }

  #describe({ url }: RtspRequest, { describe }: RtspStream): Answer {
    const base = this.#camera.odd.noContentBase ? [] : [`Content-Base: ${url.endsWith('/') ? url : `${url}/`}`];
    return { status: '200 OK', headers: ['Content-Type: application/sdp', ...base], body: describe(url) };
  }

  #setup({ url, headers }: RtspRequest, stream: RtspStream): Answer {
    const transport = this.#tracks.setUp(url, headers.get('transport') ?? '', stream);
    if (!transport) return { status: '461 Unsupported Transport' };
    const session = `Session: ${this.#session};timeout=${this.#camera.sessionTimeoutSeconds}`;
    return { status: '200 OK', headers: this.#camera.odd.noTransport ? [session] : [transport, session] };
  }

  #play({ url, headers }: RtspRequest): Answer {
    if (!this.#tracks.ready) return { status: '455 Method Not Valid in This State' };
    if (headers.get('session')?.split(';')[0] !== this.#session) return { status: '454 Session Not Found' };
    if (this.#camera.odd.playPerTrack && !/trackID=/.test(url))
      return { status: '459 Aggregate Operation Not Allowed' };
    this.#playing = true;
    const base = url.replace(/\/$/, '');
    return {
      status: '200 OK',
      headers: [`Session: ${this.#session}`, 'Range: npt=now-', `RTP-Info: url=${base}/trackID=0;${this.#tracks.info}`],
    };
  }

  #pause(): Answer {
    this.#tracks.stop();
    this.#playing = false;
    return { status: '200 OK', headers: [`Session: ${this.#session}`] };
  }

  /** A query in the path of a stream must come back as it was given; one in a track's name is the camera's own affair. */
  #find(url: string): RtspStream | undefined {
    const asked = url
      .replace(/^rtsps?:\/\/[^/?#]*/i, '')
      .replace(/\/trackID=\d+(?:\?[^#]*)?\/?$/, '')
      .replace(/\/$/, '');
    return this.#camera.streams.find((stream) => stream.path.replace(/\/$/, '') === asked);
  }
}
