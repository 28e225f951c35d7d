import type { UnitMessage } from './unit-message.ts';

/** What a terminal is told (`tianliang/commands/ID`). */
export interface Command {
  readonly id: string;
  readonly assignment?: string;
  readonly incident?: string;
  readonly title: string;
  readonly text?: string;
  readonly place?: string;
  readonly lat?: number;
  readonly lon?: number;
  readonly at: string;
  readonly expiresAt: string;
}

/** The way to a terminal. May bring the same command twice: its `id` says so. */
export interface Courier {
  /** Resolves once somebody who passes it on has it; the terminal itself answers with a receipt. */
  deliver(terminal: string, command: Command): Promise<void>;
}

/** The message in the words of the terminal: nothing of who wrote it, nor of our own counting. */
export function commandOf(message: UnitMessage): Command {
  const { version, unit, state, by, tries, sentAt, times, ...command } = message;
  return command;
}
