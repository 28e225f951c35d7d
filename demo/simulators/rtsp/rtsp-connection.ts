import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ClipLoop } from './clip-loop.ts';
import type { RtspGate } from './rtsp-auth.ts';
import { misbehave, type RtspMisbehaviour } from './rtsp-misbehaviour.ts';
import { RtspPlayer } from './rtsp-player.ts';
import { RtspReader, type RtspRequest } from './rtsp-reader.ts';

export interface RtspStream {
  readonly path: string;
  readonly loop: ClipLoop;
  readonly sdp: string;
}

/** What all connections of one simulated camera share and its controls change. */
export interface CameraBehaviour {
  readonly streams: readonly RtspStream[];
  readonly gate: RtspGate;
  readonly sessionTimeoutSeconds: number;
  mode: 'normal' | 'hang' | 'silent';
  misbehaviour: RtspMisbehaviour | undefined;
  shiftTicks: number;
}

interface Answer {
  readonly status: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

const methods = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN';

/** One client: its session, what it set up and what it is being sent (RFC 2326). */
export class RtspConnection {
  readonly #socket: Socket;
  readonly #camera: CameraBehaviour;
  readonly #reader = new RtspReader();
  readonly #session = randomBytes(6).toString('hex');
  readonly #expiry: NodeJS.Timeout;
  #player: RtspPlayer | undefined;
  #playing = false;

  constructor(socket: Socket, camera: CameraBehaviour) {
    this.#socket = socket;
    this.#camera = camera;
    this.#expiry = setTimeout(() => socket.destroy(), camera.sessionTimeoutSeconds * 1_000);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('close', () => this.#end());
  }

  get playing(): boolean {
    return this.#playing;
  }

  #end(): void {
    clearTimeout(this.#expiry);
    this.#player?.stop();
    this.#playing = false;
  }

  #read(chunk: Buffer): void {
    if (this.#camera.mode === 'hang') return;
    this.#expiry.refresh();
    try {
      for (const input of this.#reader.push(chunk)) if (input.type === 'request') this.#take(input.request);
    } catch {
      this.#socket.end('RTSP/1.0 400 Bad Request\r\n\r\n');
    }
  }

  #take(request: RtspRequest): void {
    const { misbehaviour } = this.#camera;
    if (misbehaviour && misbehave(misbehaviour, request, this.#socket)) return;
    const { status, headers = [], body = '' } = this.#answer(request);
    const lines = [`RTSP/1.0 ${status}`, `CSeq: ${request.headers.get('cseq') ?? 0}`, 'Server: simulated', ...headers];
    if (body) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    if (request.method === 'TEARDOWN') this.#socket.end();
    // The first picture must not overtake the answer to PLAY.
    if (this.#playing) this.#player?.start();
  }

  #answer(request: RtspRequest): Answer {
    if (request.method === 'OPTIONS') return { status: '200 OK', headers: [`Public: ${methods}`] };
    const { gate } = this.#camera;
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
        return describe(request, stream);
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

  #setup({ url, headers }: RtspRequest, { loop }: RtspStream): Answer {
    const transport = headers.get('transport') ?? '';
    if (!/RTP\/AVP\/TCP/i.test(transport)) return { status: '461 Unsupported Transport' };
    const channel = Number(/interleaved=(\d+)/i.exec(transport)?.[1] ?? 0);
    if (!/trackID=1\/?$/.test(url)) {
      const muted = () => this.#camera.mode !== 'normal';
      const shiftTicks = () => this.#camera.shiftTicks;
      this.#player?.stop();
      this.#player = new RtspPlayer({ socket: this.#socket, loop, channel, muted, shiftTicks });
    }
    return {
      status: '200 OK',
      headers: [
        `Transport: RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`,
        `Session: ${this.#session};timeout=${this.#camera.sessionTimeoutSeconds}`,
      ],
    };
  }

  #play({ url, headers }: RtspRequest): Answer {
    if (!this.#player) return { status: '455 Method Not Valid in This State' };
    if (headers.get('session')?.split(';')[0] !== this.#session) return { status: '454 Session Not Found' };
    this.#playing = true;
    const base = url.replace(/\/$/, '');
    return {
      status: '200 OK',
      headers: [`Session: ${this.#session}`, 'Range: npt=now-', `RTP-Info: url=${base}/trackID=0;${this.#player.info}`],
    };
  }

  #pause(): Answer {
    this.#player?.stop();
    this.#playing = false;
    return { status: '200 OK', headers: [`Session: ${this.#session}`] };
  }

  #find(url: string): RtspStream | undefined {
    const path = URL.parse(url)
      ?.pathname.replace(/\/trackID=\d+\/?$/, '')
      .replace(/\/$/, '');
    return this.#camera.streams.find((stream) => stream.path.replace(/\/$/, '') === path);
  }
}

function describe({ url }: RtspRequest, { sdp }: RtspStream): Answer {
  const base = url.endsWith('/') ? url : `${url}/`;
  return { status: '200 OK', headers: ['Content-Type: application/sdp', `Content-Base: ${base}`], body: sdp };
}
