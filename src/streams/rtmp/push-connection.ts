import type { Socket } from 'node:net';
import type { MediaPacket, PublishRequest, RtmpEngine } from './media-server.ts';
import type { Refusal } from './publishers.ts';

/** What one connection needs of the house: leave to push, and a taker of what is pushed. */
export interface PushPorts {
  /** Says whether the publisher may; from `undefined` on its packets come to `packet`. */
  admit(connection: PushConnection, request: PublishRequest): Refusal | undefined;
  packet(connection: PushConnection, packet: MediaPacket): void;
  /** Called once, whoever ended it. */
  ended(connection: PushConnection): void;
}

type State = 'asking' | 'pushing' | 'over';

const refusalWords: Record<Refusal, string> = {
  path: 'push to /live/CAMERA-ID?key=KEY',
  key: 'no such camera, or not its key',
  busy: 'another publisher pushes to this camera',
};

const publishDeadlineMs = 10_000;
const silenceLimitMs = 20_000;
const farewellMs = 1_000;
/** Handshake, connect, createStream and publish fit easily. */
const maxBytesBeforePublish = 64 * 1024;
const maxMessageBytes = 8 * 1024 * 1024;
const maxChunkStreams = 16;
const maxUnsentBytes = 256 * 1024;

/**
 * One TCP connection that may push. Everything it sends is bounded before the engine keeps it; what the engine throws
 * ends this connection alone; once it is refused, nothing more of it is read.
 */
export class PushConnection {
  readonly #socket: Socket;
  readonly #engine: RtmpEngine;
  readonly #ports: PushPorts;
  readonly #deadline: NodeJS.Timeout;
  #state: State = 'asking';
  #request: PublishRequest = { app: undefined, name: undefined, query: {} };
  #bytesBeforePublish = 0;
  #heardAt = performance.now();

  constructor(socket: Socket, engine: RtmpEngine, ports: PushPorts) {
    this.#socket = socket;
    this.#engine = engine;
    this.#ports = ports;
    this.#deadline = setTimeout(() => this.cut(), publishDeadlineMs);
    this.#bindEngine();
    socket.setTimeout(silenceLimitMs, () => this.cut());
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', () => this.cut());
    socket.once('close', () => this.cut());
  }

  /** How long nothing came. */
  get silentMs(): number {
    return performance.now() - this.#heardAt;
  }

  /** Ends the connection. Safe to call twice. */
  cut(): void {
    this.#leave();
    this.#socket.destroy();
  }

  #leave(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    clearTimeout(this.#deadline);
    this.#ports.ended(this);
  }

  #bindEngine(): void {
    const engine = this.#engine;
    const allocate = engine.packetAlloc.bind(engine);
    const welcome = engine.respondPublish.bind(engine);
    engine.packetAlloc = () => {
      if (this.#hasRoom()) allocate();
      else throw new RangeError('a message or the number of them is too large');
    };
    engine.respondPublish = () => undefined;
    engine.onConnectCallback = (request) => {
      this.#request = request;
    };
    engine.onPushCallback = () => this.#publish(welcome);
    engine.onPlayCallback = () => this.cut();
    engine.onOutputCallback = (bytes) => this.#write(bytes);
    engine.onPacketCallback = (packet) => {
      if (this.#state === 'pushing') this.#ports.packet(this, packet);
    };
  }

  /** Asked before the engine sets memory aside for a message. */
  #hasRoom(): boolean {
    const { length } = this.#engine.parserPacket.header;
    const limit = this.#state === 'pushing' ? maxMessageBytes : maxBytesBeforePublish;
    return length <= limit && this.#engine.inPackets.size <= maxChunkStreams;
  }

  #read(bytes: Buffer): void {
    if (this.#state === 'over') return;
    this.#heardAt = performance.now();
    if (this.#state === 'asking') this.#bytesBeforePublish += bytes.length;
    if (this.#bytesBeforePublish > maxBytesBeforePublish + bytes.length || !this.#parse(bytes)) this.cut();
  }

  /** The engine throws on much that is malformed. */
  #parse(bytes: Buffer): boolean {
    try {
      return this.#engine.parserData(bytes) === null;
    } catch {
      return false;
    }
  }

  #publish(welcome: () => void): void {
    if (this.#state !== 'asking') {
      this.cut();
      return;
    }
    const refusal = this.#ports.admit(this, this.#request);
    if (refusal === undefined) this.#begin(welcome);
    else this.#refuse(refusal);
  }

  #begin(welcome: () => void): void {
    clearTimeout(this.#deadline);
    this.#state = 'pushing';
    this.#bytesBeforePublish = 0;
    welcome();
  }

  /** Its own words for an encoder's screen, then the end; what it goes on sending is thrown away. */
  #refuse(refusal: Refusal): void {
    const code = refusal === 'busy' ? 'NetStream.Publish.BadName' : 'NetStream.Publish.Denied';
    this.#engine.sendStatusMessage(this.#engine.streamId, 'error', code, refusalWords[refusal]);
    this.#leave();
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), farewellMs).unref();
  }

  #write(bytes: Buffer): void {
    if (this.#socket.writableLength > maxUnsentBytes) this.cut();
    else if (this.#socket.writable) this.#socket.write(bytes);
  }
}
