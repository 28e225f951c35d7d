import { type PublishFrame, publishFrameAt } from './publish-frame.ts';

export interface LaneOptions {
  /** Whether nobody but us hears what is said there, so that the broker is not needed for it. */
  readonly mayTake: (topic: string) => boolean;
  /** Whether it is a call for help, which waits for nothing. */
  readonly isCall: (topic: string) => boolean;
  /** Resolves when it may be acknowledged. */
  readonly take: (message: PublishFrame) => Promise<void>;
  /** So often the device must be seen to live by what looks after its keep-alive. */
  readonly restMs: number;
}

export interface LaneConnection {
  /** PUBACKs, whole. */
  readonly acknowledge: (packets: Buffer) => void;
  /** There is room for more. */
  readonly drained: () => void;
  /** It cannot go on; what is not acknowledged comes again. */
  readonly failed: (error: Error) => void;
}

interface Waiting {
  readonly id: number;
  isTaken: boolean;
}

/** Messages of one connection on their way to the disk. */
const mostInFlight = 100;
const pubAck = 0x40;

/**
 * What devices say all day, measurements and positions, goes straight to the intake: handing them on to readers costs a
 * broker more than half of its time, and these have none. Everything else, and whatever looks odd, is for the broker.
 * Acknowledged in order (MQTT 3.1.1 §4.6), but for calls for help.
 */
export class PublishLane {
  readonly #options: LaneOptions;
  readonly #connection: LaneConnection;
  #waiting: Waiting[] = [];
  #isTelling = false;
  #restedAt = performance.now();

  constructor(options: LaneOptions, connection: LaneConnection) {
    this.#options = options;
    this.#connection = connection;
  }

  get isFull(): boolean {
    return this.#waiting.length >= mostInFlight;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Takes the messages at the front; answers where the first begins that it does not take. */
  takeFrom(bytes: Buffer): number {
    if (performance.now() - this.#restedAt > this.#options.restMs) return 0;
    let end = 0;
    while (end < bytes.length && !this.isFull) {
      const frame = publishFrameAt(bytes, end);
      if (!frame || !this.#options.mayTake(frame.topic)) break;
      this.#take(frame);
      end = frame.end;
    }
    return end;
  }

  /** The broker gets something: it sees that the device lives. */
  rest(): void {
    this.#restedAt = performance.now();
  }

  #take(frame: PublishFrame): void {
    const waiting: Waiting = { id: frame.id, isTaken: false };
    this.#waiting.push(waiting);
    this.#options.take(frame).then(() => {
      waiting.isTaken = true;
      if (this.#waiting[0] !== waiting && this.#options.isCall(frame.topic)) this.#putFirst(waiting);
      this.#tellSoon();
    }, this.#connection.failed);
  }

  #putFirst(waiting: Waiting): void {
    this.#waiting = [waiting, ...this.#waiting.filter((other) => other !== waiting)];
  }

  /** A commit takes many: they are acknowledged in one piece. */
  #tellSoon(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    process.nextTick(() => this.#tell());
  }

  #tell(): void {
    this.#isTelling = false;
    const open = this.#waiting.findIndex(({ isTaken }) => !isTaken);
    const count = open < 0 ? this.#waiting.length : open;
    if (count === 0) return;
    const packets = Buffer.allocUnsafe(4 * count);
    for (let n = 0; n < count; n += 1) {
      packets.writeUInt16BE((pubAck << 8) | 2, 4 * n);
      packets.writeUInt16BE(this.#waiting[n]?.id ?? 0, 4 * n + 2);
    }
    this.#waiting = this.#waiting.slice(count);
    this.#connection.acknowledge(packets);
    this.#connection.drained();
  }
}
