/** One publish as a broker hands it over, before anybody has looked into it. */
export interface Inbound {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  readonly receivedAt: Date;
  /** Who sent it, where the broker knows: the credential it came in with. */
  readonly sender?: string;
}

/** Where a broker hands over: resolves once what was accepted is on disk; rejects when the disk cannot take it. */
export type Accept = (inbound: Inbound) => Promise<'accepted' | 'refused'>;

/** A way in for device messages: the embedded broker, or the feed from an external one. */
export interface MessageSource {
  start(): Promise<void>;
  /** To a device; resolves when the broker has taken it. */
  publish(topic: string, payload: string | Buffer, options: PublishOptions): Promise<void>;
  close(): Promise<void>;
}

export interface PublishOptions {
  readonly qos: 0 | 1;
  readonly retain: boolean;
}
