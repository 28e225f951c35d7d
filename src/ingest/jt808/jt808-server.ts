import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import { type SocketPlace, SocketQuota } from '../broker/socket-quota.ts';
import type { LatestValue } from '../telemetry/points-table.ts';
import { admit } from './admission.ts';
import type { Connection, ConnectionDeadlines, ConnectionPorts } from './connection-ports.ts';
import type { Downlink } from './downlink.ts';
import { GbkEncoder } from './gbk-encoder.ts';
import { Jt808Intake, type Jt808IntakeOptions } from './jt808-intake.ts';
import { type ListedDevice, PhoneBook } from './phone-book.ts';
import { TerminalConnection } from './terminal-connection.ts';
import { TerminalOfflineError, TerminalTextError } from './terminal-errors.ts';

export interface Jt808ServerOptions extends Jt808IntakeOptions {
  readonly host: string;
  readonly port: number;
  readonly devices: readonly ListedDevice[];
  readonly log: Log;
  readonly limits?: Partial<Jt808Limits>;
}

export interface Jt808Limits extends ConnectionDeadlines {
  readonly sockets: number;
  readonly perAddress: number;
  readonly strangersPerAddress: number;
}

/** A terminal beats once a minute unless it is told otherwise: idle is three beats missed. */
const defaultLimits: Jt808Limits = {
  authenticateMs: 10_000,
  idleMs: 180_000,
  answerMs: 10_000,
  sockets: 20_000,
  perAddress: 10_000,
  strangersPerAddress: 512,
};

/** One packet holds 1,023 bytes of body, two of which are not text. */
const mostTextBytes = 1_020;

interface Present {
  readonly connection: Connection;
  readonly downlink: Downlink;
}

/** Where terminals of JT/T 808 (2013, 2019) connect. A terminal's message is answered once it is on disk. */
export class Jt808Server {
  readonly #options: Jt808ServerOptions;
  readonly #limits: Jt808Limits;
  readonly #quota: SocketQuota;
  #book: PhoneBook;
  readonly #intake: Jt808Intake;
  readonly #gbk = new GbkEncoder();
  readonly #errors: ErrorTally;
  readonly #connections = new Set<Connection>();
  /** By device. */
  readonly #present = new Map<string, Present>();
  #server: Server | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: Jt808ServerOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#quota = new SocketQuota(this.#limits);
    this.#book = new PhoneBook(options.devices);
    this.#intake = new Jt808Intake(options);
    this.#errors = new ErrorTally((count, err) => options.log.warn({ count, err }, 'terminal messages not stored'));
  }

  /** Before it starts: what the process before had stored. */
  restore(latest: readonly LatestValue[]): void {
    this.#intake.restore(latest);
  }

  /** Resolves when it listens; rejects when the address is taken. */
  async start(): Promise<void> {
    this.#server = createServer({ noDelay: true, keepAlive: true }, (socket) => this.#connect(socket));
    this.#server.maxConnections = this.#limits.sockets;
    this.#server.listen(this.#options.port, this.#options.host);
    await once(this.#server, 'listening');
  }

  /** Where it listens, once started. */
  get address(): { readonly host: string; readonly port: number } {
    const bound = this.#server?.address();
    return bound && typeof bound === 'object' ? { host: bound.address, port: bound.port } : { host: '', port: 0 };
  }

  /** Terminals that have proven who they are and are connected at this moment. */
  get connected(): number {
    return this.#present.size;
  }

  /**
   * Shows a text on a terminal and has it read out. Resolves when the terminal says that it has it; rejects when it is
   * not connected, says something else or nothing.
   */
  async sendText(device: string, text: string): Promise<void> {
    const bytes = this.#gbk.encode(text.replace(/\p{Cc}+/gu, ' ').trim());
    if (bytes.length === 0 || bytes.length > mostTextBytes) throw new TerminalTextError(mostTextBytes);
    const present = this.#present.get(device);
    if (!present) throw new TerminalOfflineError(device);
    await present.downlink.sendText(bytes);
  }

  /** Takes another list of devices: a terminal that is gone, or has another number or password, is cut off at once. */
  replaceDevices(devices: readonly ListedDevice[]): void {
    const before = this.#book;
    this.#book = new PhoneBook(devices);
    for (const [device, { connection }] of this.#present)
      if (before.codeOf(device) !== this.#book.codeOf(device)) connection.cut();
  }

  /** No message is taken any more; connections end. Safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #connect(socket: Socket): void {
    const place = this.#quota.enter(socket.remoteAddress ?? '');
    if (place && !this.#closed) {
      this.#connections.add(new TerminalConnection(socket, this.#ports(place), this.#limits));
      return;
    }
    this.#options.counters.refuse('too-many-sockets');
    socket.destroy();
  }

  #ports(place: SocketPlace): ConnectionPorts {
    return {
      admit: (packet) => admit(this.#book, packet),
      take: (terminal, message) => this.#intake.take(terminal, message),
      refused: (reason) => this.#options.counters.refuse(reason),
      admitted: (connection, downlink) => {
        place.known();
        this.#welcome({ connection, downlink });
      },
      failed: (error) => this.#errors.add(error),
      ended: (connection, downlink) => {
        place.leave();
        this.#connections.delete(connection);
        if (downlink) this.#farewell({ connection, downlink });
      },
    };
  }

  /** A terminal that lost its link comes back on another connection before the old one is known to be dead. */
  #welcome(arrived: Present): void {
    const { device } = arrived.downlink;
    this.#present.get(device)?.connection.cut();
    this.#present.set(device, arrived);
  }

  #farewell({ connection, downlink }: Present): void {
    const isNewest = this.#present.get(downlink.device)?.connection === connection;
    if (isNewest) this.#present.delete(downlink.device);
  }

  async #close(): Promise<void> {
    const server = this.#server;
    const stopped = server && new Promise<void>((resolve) => server.close(() => resolve()));
    for (const connection of [...this.#connections]) connection.cut();
    await stopped;
    this.#errors.close();
  }
}
