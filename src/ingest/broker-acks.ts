import type { Writable } from 'node:stream';

const pubAck = 0x40;

/**
 * PUBACKs (MQTT 3.1.1 §3.4) to one connection, those of one turn of the event loop in one piece. From now on a write that
 * fails ends nothing: the broker may have been killed, and what it acknowledged to its devices lies unread in the socket.
 * Who reads it to the end hears that it is gone.
 */
export class BrokerAcks {
  readonly #stream: Writable;
  #ids: number[] = [];

  constructor(stream: Writable) {
    this.#stream = stream;
    const write = stream._write.bind(stream);
    stream._write = (chunk, encoding, done) => write(chunk, encoding, () => done());
    const writev = stream._writev?.bind(stream);
    if (writev) stream._writev = (chunks, done) => writev(chunks, () => done());
  }

  isOf(stream: Writable): boolean {
    return stream === this.#stream;
  }

  /** In the order in which the messages came (MQTT-4.6.0-2). */
  add(id: number): void {
    this.#ids.push(id);
    if (this.#ids.length === 1) setImmediate(() => this.#write());
  }

  #write(): void {
    const ids = this.#ids;
    this.#ids = [];
    const packets = Buffer.allocUnsafe(4 * ids.length);
    for (const [n, id] of ids.entries()) {
      packets.writeUInt16BE((pubAck << 8) | 2, 4 * n);
      packets.writeUInt16BE(id, 4 * n + 2);
    }
    if (this.#stream.writable) this.#stream.write(packets);
  }
}
