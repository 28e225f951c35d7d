import type { Answer } from './admission.ts';
import { results, textMessage } from './answers.ts';
import { messageIds, type Peer } from './packet.ts';
import {
  TerminalBusyError,
  TerminalOfflineError,
  TerminalRefusedError,
  TerminalSilentError,
} from './terminal-errors.ts';

export interface DownlinkOptions {
  readonly device: string;
  readonly peer: Peer;
  /** Writes a message and tells under which serial. */
  readonly send: (message: Answer) => number;
  /** For the terminal's word on what it was told. */
  readonly answerMs: number;
}

interface Waiting {
  readonly resolve: (result: number) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: NodeJS.Timeout;
}

const mostWaiting = 16;

/** What one connected terminal is told, and waits for its word on each. */
export class Downlink {
  readonly #options: DownlinkOptions;
  readonly #waiting = new Map<number, Waiting>();
  #isClosed = false;

  constructor(options: DownlinkOptions) {
    this.#options = options;
  }

  get device(): string {
    return this.#options.device;
  }

  /** Resolves when the terminal says that it has the text. */
  async sendText(text: Buffer): Promise<void> {
    const { device, peer } = this.#options;
    const result = await this.#ask({ id: messageIds.text, body: textMessage(text, peer) });
    if (result !== results.done) throw new TerminalRefusedError(device, result);
  }

  /** The terminal's word on the message with this serial. */
  settle(serial: number, result: number): void {
    this.#take(serial)?.resolve(result);
  }

  /** The connection is gone: nobody answers any more. */
  close(): void {
    this.#isClosed = true;
    for (const serial of [...this.#waiting.keys()])
      this.#take(serial)?.reject(new TerminalOfflineError(this.#options.device));
  }

  async #ask(message: Answer): Promise<number> {
    const { device, answerMs, send } = this.#options;
    if (this.#isClosed) throw new TerminalOfflineError(device);
    if (this.#waiting.size >= mostWaiting) throw new TerminalBusyError(device);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const serial = send(message);
    const late = () => this.#take(serial)?.reject(new TerminalSilentError(device, answerMs));
    this.#waiting.set(serial, { resolve, reject, deadline: setTimeout(late, answerMs).unref() });
    return await promise;
  }

  #take(serial: number): Waiting | undefined {
    const waiting = this.#waiting.get(serial);
    clearTimeout(waiting?.deadline);
    this.#waiting.delete(serial);
    return waiting;
  }
}
