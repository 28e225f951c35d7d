import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ConnectionLimits } from './broker-limits.ts';
import { connectFault, wrongLevelAnswer } from './connect-packet.ts';
import { type FrameFault, FrameScanner } from './frame-scanner.ts';
import { type LaneOptions, PublishLane } from './publish-lane.ts';
import type { RefusalFacts } from './refusal-log.ts';
import { SendQueue } from './send-queue.ts';
import type { SocketPlace } from './socket-quota.ts';

/** Why a socket goes, or, for `not-reading`, what is left out for it. */
export type ConnectionFault = FrameFault | 'connect-timeout' | 'protocol-error' | 'not-reading';

export interface GuardOptions {
  readonly limits: ConnectionLimits;
  readonly place: SocketPlace;
  readonly address: string;
  /** The name in its certificate, where one was asked for. */
  readonly certified?: string | undefined;
  readonly refused: (fault: ConnectionFault, facts: RefusalFacts) => void;
}

const lingerMs = 2_000;
const unsentBytes = 64 * 1024;
/** What the broker takes at once, and the most a device that says too much can have to wait for. */
const sliceBytes = 16 * 1024;

/**
 * A socket in front of the broker that lets through what may be read: of a stranger one small CONNECT and not a byte more
 * until `open()`, then packets of a bounded size. The broker's parser would buffer whatever a packet declares (F6).
 */
export class GuardedConnection extends Duplex {
  readonly #socket: Socket;
  readonly #options: GuardOptions;
  readonly #scanner: FrameScanner;
  readonly #timer: NodeJS.Timeout;
  /** The broker would wait for this device, and with it for all, were a write not done at once. */
  readonly #unsent: SendQueue;
  #device: string | undefined;
  #blocked = false;
  #lane: PublishLane | undefined;
  /** Of the messages that went to the broker, how many it is done with. */
  #settled = 0;
  /** What waits until the lane is empty, and what waits for the broker. */
  #unheard: Buffer | undefined;
  #unread: Buffer | undefined;
  #brokerIsFull = false;
  #ended = false;
  /** CONNECT, as far as it has come. */
  #hello: Buffer | undefined = Buffer.alloc(0);
  #held: Buffer | undefined;
  #opened = false;

  constructor(socket: Socket, options: GuardOptions) {
    super({ readableHighWaterMark: sliceBytes, writableHighWaterMark: unsentBytes });
    this.#socket = socket;
    this.#options = options;
    this.#scanner = new FrameScanner(options.limits);
    this.#unsent = new SendQueue(options.limits.queue);
    this.#timer = setTimeout(() => this.#refuse('connect-timeout'), options.limits.connectMs);
    // The broker drops its listener when it closes; an error after that must not end the process.
    this.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('drain', () => this.#sendOn());
    socket.on('end', () => this.#end());
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => {
      options.place.leave();
      this.destroy();
    });
  }

  get certified(): string | undefined {
    return this.#options.certified;
  }

  /** Kept from the beginning: a socket that is gone has none. */
  get address(): string {
    return this.#options.address;
  }

  /** Its password is right: go on reading. */
  open(device: string): void {
    if (this.#opened || this.destroyed) return;
    this.#opened = true;
    this.#device = device;
    clearTimeout(this.#timer);
    this.#options.place.known();
    const held = this.#held;
    this.#held = undefined;
    this.#socket.resume();
    if (held) this.#take(held);
  }

  /** It has been let in: from now on what needs no broker goes the short way. */
  openLane(options: LaneOptions): void {
    this.#lane = new PublishLane(options, {
      acknowledge: (packets) => {
        if (!this.destroyed) this.#send(packets);
      },
      drained: () => this.#hearOn(),
      failed: (error) => this.destroy(error),
    });
  }

  /** The broker is done with a message it was given. */
  settle(): void {
    this.#settled += 1;
  }

  override _read(): void {
    this.#brokerIsFull = false;
    const unread = this.#unread;
    this.#unread = undefined;
    if (unread) this.#offer(unread);
    else if (this.#opened || !this.#held) this.#listen();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(chunk);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const bytes = Buffer.concat(chunks.map(({ chunk }) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)));
    this._write(bytes, 'utf8', done);
  }

  override _final(done: () => void): void {
    this.#socket.end();
    done();
  }

  /** A last word (CONNACK with the reason) still goes out, within a moment. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#held = undefined;
    this.#unheard = undefined;
    this.#socket.resume();
    this.#socket.removeAllListeners('data');
    if (this.#socket.writableLength === 0) this.#socket.destroy();
    else {
      this.#socket.destroySoon();
      setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    }
    done(error);
  }

  #send(packets: Buffer): void {
    if (this.#blocked || packets.length > unsentBytes) this.#keep(packets);
    else this.#blocked = !this.#socket.write(packets);
  }

  #keep(packets: Buffer): void {
    this.#unsent.push(packets);
    if (!this.#blocked) this.#sendOn();
    const dropped = this.#unsent.trim();
    if (dropped === undefined) this.#refuse('not-reading');
    for (let n = 0; n < (dropped ?? 0); n += 1) this.#tell('not-reading');
  }

  #sendOn(): void {
    this.#blocked = false;
    for (let next = this.#unsent.shift(); next; next = this.#unsent.shift()) {
      this.#blocked = !this.#socket.write(next);
      if (this.#blocked) return;
    }
  }

  #take(chunk: Buffer): void {
    if (this.#unheard) this.#unheard = Buffer.concat([this.#unheard, chunk]);
    else this.#hear(chunk);
  }

  /** Neither way overtakes the other. */
  #hear(bytes: Buffer): void {
    const lane = this.#lane;
    const isBrokerIdle = this.#scanner.isBetween && this.#scanner.publishes === this.#settled;
    const rest = lane && isBrokerIdle ? bytes.subarray(lane.takeFrom(bytes)) : bytes;
    if (lane?.isEmpty === false && rest.length > 0) this.#unheard = rest;
    else if (rest.length > 0) this.#pass(rest);
    if (this.#unheard || lane?.isFull) this.#socket.pause();
  }

  #hearOn(): void {
    if (this.destroyed) return;
    const unheard = this.#unheard;
    this.#unheard = undefined;
    if (unheard) this.#hear(unheard);
    this.#listen();
    if (this.#ended) this.#end();
  }

  #listen(): void {
    const isBusy = this.#unheard ?? this.#unread ?? (this.#brokerIsFull || this.#lane?.isFull);
    if (!isBusy) this.#socket.resume();
  }

  #pass(chunk: Buffer): void {
    this.#lane?.rest();
    const scanned = this.#scanner.scan(chunk, this.#opened ? Number.POSITIVE_INFINITY : 1);
    if ('fault' in scanned) {
      this.#refuse(scanned.fault);
      return;
    }
    const wanted = scanned.end < chunk.length ? chunk.subarray(0, scanned.end) : chunk;
    const stranger = !this.#opened && this.#scanner.packets > 0;
    if (stranger) {
      this.#held = Buffer.concat([this.#held ?? Buffer.alloc(0), chunk.subarray(scanned.end)]);
      this.#socket.pause();
    }
    if (wanted.length === 0) return;
    if (this.#hello) this.#greet(Buffer.concat([this.#hello, wanted]));
    else this.#offer(wanted);
  }

  /** The broker hears of a stranger once all of his CONNECT is here, and as it should be. */
  #greet(hello: Buffer): void {
    this.#hello = hello;
    if (this.#scanner.packets === 0) return;
    this.#hello = undefined;
    const fault = connectFault(hello);
    if (fault === undefined) this.#offer(hello);
    else if (fault === 'malformed-frame') this.#refuse(fault);
    else {
      this.#socket.write(wrongLevelAnswer);
      this.#refuse('protocol-error', 'another level of the protocol');
    }
  }

  /** To the broker, a slice each time it asks. */
  #offer(bytes: Buffer): void {
    if (this.#unread) {
      this.#unread = Buffer.concat([this.#unread, bytes]);
      return;
    }
    const more = this.push(bytes.subarray(0, sliceBytes));
    if (bytes.length > sliceBytes) this.#unread = bytes.subarray(sliceBytes);
    this.#brokerIsFull = !more;
    if (this.#unread || !more) this.#socket.pause();
    if (this.#ended) this.#end();
  }

  #end(): void {
    this.#ended = true;
    if (!this.#unread && !this.#unheard) this.push(null);
  }

  #refuse(fault: ConnectionFault, why?: string): void {
    if (this.destroyed) return;
    this.#tell(fault, why);
    this.destroy();
  }

  #tell(fault: ConnectionFault, why?: string): void {
    const device = this.#device;
    const facts = { ...(device !== undefined && { device }), ...(why !== undefined && { why }) };
    this.#options.refused(fault, { address: this.address, ...facts });
  }
}

/** Undefined where no certificate was asked for. */
export function certifiedName(connection: Duplex): string | undefined {
  return connection instanceof GuardedConnection ? connection.certified : undefined;
}

export function connectionFacts(connection: Duplex): RefusalFacts {
  return connection instanceof GuardedConnection ? { address: connection.address } : {};
}
