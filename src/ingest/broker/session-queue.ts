import type { QueueLimits } from './send-queue.ts';

/** A packet on its way to a device, as far as the broker needs it to be sent again. */
export interface QueuedPacket {
  readonly cmd: string;
  readonly topic?: string;
  readonly payload?: string | Uint8Array;
  readonly brokerId?: string;
  readonly brokerCounter?: number;
  messageId?: number | undefined;
}

/** What a session keeps until its device has acknowledged it, in order; over its limits the oldest goes. */
export class SessionQueue {
  readonly #limits: QueueLimits;
  #packets: QueuedPacket[] = [];
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#packets.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  list(): QueuedPacket[] {
    return [...this.#packets];
  }

  /** Answers how many had to go. */
  push(packet: QueuedPacket): number {
    this.#packets.push(packet);
    this.#bytes += sizeOf(packet);
    let dropped = 0;
    for (; this.#packets.length > this.#limits.messages || this.#bytes > this.#limits.bytes; dropped += 1) {
      this.#bytes -= sizeOf(this.#packets.shift());
    }
    return dropped;
  }

  /** A message was given the id it is sent with, or is a PUBREL from now on. One that had to go is no fault of anybody. */
  update(packet: QueuedPacket): void {
    const index = this.#find(packet);
    const queued = this.#packets[index];
    if (!queued) return;
    if (packet.cmd === 'publish') queued.messageId = packet.messageId;
    else this.#replace(index, packet);
  }

  remove(packet: QueuedPacket): QueuedPacket | undefined {
    const index = this.#find(packet);
    const [removed] = index < 0 ? [] : this.#packets.splice(index, 1);
    this.#bytes -= sizeOf(removed);
    return removed;
  }

  /** By its number in the broker where it has one: ids are used again, numbers are not. */
  #find({ brokerId, brokerCounter, messageId }: QueuedPacket): number {
    if (brokerId !== undefined)
      return this.#packets.findIndex((one) => one.brokerId === brokerId && one.brokerCounter === brokerCounter);
    return this.#packets.findIndex((one) => one.messageId === messageId && messageId !== undefined);
  }

  #replace(index: number, packet: QueuedPacket): void {
    this.#bytes += sizeOf(packet) - sizeOf(this.#packets[index]);
    this.#packets[index] = packet;
  }
}

/** A payload as it came is a small part of a chunk of the network, which would stay as long as it does. */
export function ownCopy(packet: QueuedPacket): QueuedPacket {
  return packet.payload === undefined ? { ...packet } : { ...packet, payload: Buffer.from(packet.payload) };
}

const overheadBytes = 64;

function sizeOf(packet: QueuedPacket | undefined): number {
  return packet ? overheadBytes + (packet.topic?.length ?? 0) + (packet.payload?.length ?? 0) : 0;
}
