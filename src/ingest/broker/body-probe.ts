import { packetType, qosOf } from './packet-shape.ts';

const nowhere = Number.POSITIVE_INFINITY;
const { publish, puback, pubcomp, subscribe, unsubscribe } = packetType;

/**
 * Looks at the two numbers in the body of a packet that the broker's parser believes without a look: how long a topic is,
 * and the packet id, which is never 0 (MQTT-2.3.1-1). The parser would read either out of the next packet.
 */
export class BodyProbe {
  /** Where the next byte stands that it wants to see. */
  mark = nowhere;
  #wants: 'topic length' | 'packet id' = 'packet id';
  #idBytes = 0;
  #length = 0;
  #number = 0;
  #high = true;

  /** A body of so many bytes begins, of a packet that begins with `first`. */
  begin(first: number, length: number): void {
    const type = first >> 4;
    const isPublish = type === publish;
    this.#wants = isPublish ? 'topic length' : 'packet id';
    this.#idBytes = isPublish && qosOf(first) === 0 ? 0 : 2;
    this.#length = length;
    this.#high = true;
    const hasId = (type >= puback && type <= pubcomp) || type === subscribe || type === unsubscribe;
    this.mark = isPublish || hasId ? 0 : nowhere;
  }

  /** The byte at `mark`; false when the packet cannot be right. */
  fits(byte: number): boolean {
    this.mark += 1;
    if (this.#high) {
      this.#number = byte << 8;
      this.#high = false;
      return true;
    }
    this.#high = true;
    const number = this.#number | byte;
    if (this.#wants === 'topic length') return this.#fitsTopic(number);
    this.mark = nowhere;
    return number !== 0;
  }

  #fitsTopic(length: number): boolean {
    this.#wants = 'packet id';
    this.mark = this.#idBytes > 0 ? 2 + length : nowhere;
    return length > 0 && 2 + length + this.#idBytes <= this.#length;
  }
}
