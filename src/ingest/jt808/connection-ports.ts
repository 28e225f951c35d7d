import type { RefusalReason } from '../intake-counters.ts';
import type { Admission } from './admission.ts';
import type { Result } from './answers.ts';
import type { Downlink } from './downlink.ts';
import type { TerminalMessage } from './jt808-intake.ts';
import type { Packet } from './packet.ts';
import type { Terminal } from './phone-book.ts';

/** A connection as the house knows it. */
export interface Connection {
  /** Ends it. Safe to call twice. */
  cut(): void;
}

/** What a connection needs of the house. */
export interface ConnectionPorts {
  admit(packet: Packet): Admission | undefined;
  /** It has proven who it is, and can be told something. */
  admitted(connection: Connection, downlink: Downlink): void;
  /** Resolves once it is on disk. */
  take(terminal: Terminal, message: TerminalMessage): Promise<Result>;
  refused(reason: RefusalReason): void;
  failed(error: Error): void;
  /** Called once, whoever ended it; with the downlink of one that was admitted. */
  ended(connection: Connection, downlink?: Downlink): void;
}

export interface ConnectionDeadlines {
  /** From the first byte of TCP to a right code. */
  readonly authenticateMs: number;
  /** Between two packets of a terminal. */
  readonly idleMs: number;
  /** For a terminal's word on what it was told. */
  readonly answerMs: number;
}
