import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Beat, DividedRoad } from './devices/patrol-drive.ts';
import { drive, parked, placeOf } from './devices/patrol-drive.ts';
import {
  authenticationBody,
  batchBody,
  contentOf,
  type Edition,
  framed,
  type Jt808Message,
  type Jt808Report,
  type MessageHead,
  messagesIn,
  registrationBody,
  reportBody,
} from './jt808/jt808-message.ts';

export interface Jt808TerminalOptions {
  readonly port: number;
  readonly host?: string;
  readonly phone: string;
  readonly edition?: Edition;
  /** What it says of a text it is shown; `silent` says nothing. */
  readonly textResult?: number | 'silent';
}

export interface Registration {
  readonly result: number;
  readonly code: string;
}

const answerMs = 20_000;

/** A terminal of JT/T 808 as a real TCP client: does what it is told, also what is wrong. */
export class Jt808Terminal {
  /** Texts it was shown. */
  readonly texts: string[] = [];
  /** Resolves when the connection is over, whoever ended it. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #options: Jt808TerminalOptions;
  readonly #edition: Edition;
  readonly #waiting = new Map<number, (message: Jt808Message) => void>();
  #received: Buffer = Buffer.alloc(0);
  #serial = 0;

  private constructor(socket: Socket, options: Jt808TerminalOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#edition = options.edition ?? 2013;
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.on('data', (chunk) => this.#read(chunk));
  }

  static async connect(options: Jt808TerminalOptions): Promise<Jt808Terminal> {
    const socket = connect({ port: options.port, host: options.host ?? '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Jt808Terminal(socket, options);
  }

  /** Sends and goes on; answers the serial it went under. */
  send(id: number, body: Buffer, head: Partial<MessageHead> = {}): number {
    const serial = this.#serial;
    this.#serial = (serial + 1) & 0xffff;
    const { phone } = this.#options;
    this.raw(framed(contentOf({ id, serial, body }, { edition: this.#edition, phone, ...head })));
    return serial;
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Resolves when the system has taken the bytes, or the connection is over. */
  async flush(bytes: Uint8Array): Promise<void> {
    const taken = new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()));
    await Promise.race([taken, this.ended]);
  }

  /** Reads nothing more of what it is sent. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Resolves with what the server says of the message with this serial. Rejects when the connection ends first. */
  async answer(serial: number): Promise<Jt808Message> {
    const answered = new Promise<Jt808Message>((resolve) => this.#waiting.set(serial, resolve));
    const deadline = AbortSignal.timeout(answerMs);
    const late = once(deadline, 'abort').then(() => Promise.reject(new Error(`no answer in ${answerMs} ms`)));
    const over = this.ended.then(() => Promise.reject(new Error('the connection ended without an answer')));
    return await Promise.race([answered, late, over]);
  }

  async register(): Promise<Registration> {
    const { body } = await this.answer(this.send(0x0100, registrationBody(this.#edition)));
    return { result: body.readUInt8(2), code: body.toString('ascii', 3) };
  }

  /** Resolves with the result: 0 is in. */
  async authenticate(code: string): Promise<number> {
    return await this.#said(this.send(0x0102, authenticationBody(code, this.#edition)));
  }

  /** Registers and authenticates. */
  async logIn(): Promise<void> {
    const { code } = await this.register();
    const result = await this.authenticate(code);
    if (result !== 0) throw new Error(`the server answers ${result} to a code it has just given`);
  }

  async report(report: Jt808Report): Promise<number> {
    return await this.#said(this.send(0x0200, reportBody(report)));
  }

  async batch(reports: readonly Jt808Report[], type: 0 | 1): Promise<number> {
    return await this.#said(this.send(0x0704, batchBody(reports, type)));
  }

  async beat(): Promise<number> {
    return await this.#said(this.send(0x0002, Buffer.alloc(0)));
  }

  async logOut(): Promise<number> {
    return await this.#said(this.send(0x0003, Buffer.alloc(0)));
  }

  /** Drives along a road and reports until told to stop. */
  async drive({ beat, road, everyMs, signal }: Drive): Promise<void> {
    let state = parked(beat);
    while (!signal.aborted) {
      state = drive(state, beat, { seconds: everyMs / 1_000, random: Math.random });
      const { point, heading } = placeOf(state, road);
      await this.report({ at: new Date(), ...point, heading, speed: state.speed * 3.6 });
      await delay(everyMs, undefined, { signal }).catch(() => {});
    }
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #said(serial: number): Promise<number> {
    const { body } = await this.answer(serial);
    return body.readUInt8(4);
  }

  #read(chunk: Buffer): void {
    const { messages, rest } = messagesIn(Buffer.concat([this.#received, chunk]), this.#edition);
    this.#received = rest;
    for (const message of messages) this.#hear(message);
  }

  /** Every answer begins with the serial of what it answers. */
  #hear(message: Jt808Message): void {
    if (message.id === 0x8300) {
      this.#show(message);
      return;
    }
    const serial = message.body.readUInt16BE(0);
    this.#waiting.get(serial)?.(message);
    this.#waiting.delete(serial);
  }

  #show({ id, serial, body }: Jt808Message): void {
    const { textResult = 0 } = this.#options;
    this.texts.push(new TextDecoder('gbk').decode(body.subarray(this.#edition === 2019 ? 2 : 1)));
    if (textResult === 'silent') return;
    this.send(0x0001, Buffer.from([serial >> 8, serial & 0xff, id >> 8, id & 0xff, textResult]));
  }
}

export interface Drive {
  readonly beat: Beat;
  readonly road: DividedRoad;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}
