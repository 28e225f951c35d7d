import { topicMatches, topicName } from '../topics.ts';
import type { QueuedPacket } from './session-queue.ts';

export interface RetainedPacket extends QueuedPacket {
  readonly topic: string;
  readonly payload: string | Uint8Array;
}

const mostTopics = 16;
const mostBytes = 16 * 1024;

/** The last retained message of each topic, under the name in it: only the device of that name may hear it. */
export class RetainedMessages {
  readonly #byName = new Map<string, Map<string, RetainedPacket>>();

  /** An empty one clears (MQTT-3.3.1-10); one too large, or on one topic more than a device has, is not kept. */
  store(name: string, packet: RetainedPacket): void {
    const { topic, payload } = packet;
    const kept = this.#byName.get(name) ?? new Map<string, RetainedPacket>();
    kept.delete(topic);
    const fits = payload.length <= mostBytes && kept.size < mostTopics;
    if (payload.length > 0 && fits) kept.set(topic, { ...packet, payload: Buffer.from(payload) });
    if (kept.size > 0) this.#byName.set(name, kept);
    else this.#byName.delete(name);
  }

  matching(filters: readonly string[]): RetainedPacket[] {
    return filters.flatMap((filter) =>
      [...(this.#byName.get(topicName(filter) ?? '')?.values() ?? [])].filter(({ topic }) =>
        topicMatches(filter, topic),
      ),
    );
  }

  forget(name: string): void {
    this.#byName.delete(name);
  }
}
