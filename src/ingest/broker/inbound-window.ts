import { ownCopy, type QueuedPacket } from './session-queue.ts';

/** Of one client; MQTT 3.1.1 cannot tell it that there is no more room. */
const mostBytes = 1024 * 1024;

interface Window {
  readonly packets: Map<number, QueuedPacket>;
  bytes: number;
}

/** QoS 2 messages of which the client has not said yet that it will not send them again (MQTT 3.1.1 §4.3.3). */
export class InboundWindow {
  readonly #clients = new Map<string, Window>();

  /** Throws when the client keeps too many open. */
  store(client: string, packet: QueuedPacket): void {
    const { messageId } = packet;
    if (messageId === undefined) throw new Error('a QoS 2 message without an id');
    const window = this.#clients.get(client) ?? { packets: new Map(), bytes: 0 };
    const bytes = sizeOf(packet) - sizeOf(window.packets.get(messageId));
    if (window.bytes + bytes > mostBytes) throw new Error('too much QoS 2 in flight');
    window.packets.set(messageId, ownCopy(packet));
    window.bytes += bytes;
    this.#clients.set(client, window);
  }

  /** Throws when there is none: it is new. */
  get(client: string, messageId: number | undefined): QueuedPacket {
    const packet = this.#clients.get(client)?.packets.get(messageId ?? 0);
    if (!packet) throw new Error('no such QoS 2 message');
    return packet;
  }

  delete(client: string, messageId: number | undefined): void {
    const packet = this.get(client, messageId);
    const window = this.#clients.get(client);
    if (!window) return;
    window.packets.delete(messageId ?? 0);
    window.bytes -= sizeOf(packet);
    if (window.packets.size === 0) this.#clients.delete(client);
  }

  forget(client: string): void {
    this.#clients.delete(client);
  }
}

function sizeOf(packet: QueuedPacket | undefined): number {
  return packet?.payload?.length ?? 0;
}
