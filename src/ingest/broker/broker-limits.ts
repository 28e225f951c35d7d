import type { QueueLimits } from './send-queue.ts';

/** How much one connection may cost before its password is checked, and after. */
export interface ConnectionLimits {
  /** Bytes of the first packet, the only one a stranger may send. */
  readonly connectBytes: number;
  readonly packetBytes: number;
  /** From the first byte of MQTT to a checked password. */
  readonly connectMs: number;
  /** What waits for a device that does not read, and what waits for one that is away. */
  readonly queue: QueueLimits;
}

export interface BrokerLimits extends ConnectionLimits {
  readonly sockets: number;
  readonly perAddress: number;
  readonly strangersPerAddress: number;
  readonly sessionsPerDevice: number;
  readonly subscriptions: number;
}

export const defaultLimits: BrokerLimits = {
  connectBytes: 4 * 1024,
  packetBytes: 256 * 1024,
  connectMs: 5_000,
  queue: { messages: 1_000, bytes: 1024 * 1024 },
  sockets: 20_000,
  perAddress: 10_000,
  strangersPerAddress: 512,
  sessionsPerDevice: 8,
  subscriptions: 32,
};
