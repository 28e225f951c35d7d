import { commandKey } from '../api/command-key.ts';
import { ProblemError } from '../api/problem-error.ts';
import type { SentStep } from './duty.ts';

/** One thing to be told to the server, under a key by which it is done once however often it is sent. */
export interface Letter {
  /** Rises: they are sent in the order in which they were written. */
  readonly id: number;
  /** Whose it is: nobody else sends it. */
  readonly account: string;
  readonly path: string;
  readonly key: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly picture?: Blob;
  /** What it does with which assignment. */
  readonly step?: { readonly assignment: string; readonly type: SentStep };
  readonly at: string;
}

export type NewLetter = Pick<Letter, 'path' | 'body' | 'picture' | 'step'>;

/** Where letters lie until they are sent; it outlives the page. */
export interface LetterBox {
  all(): Promise<Letter[]>;
  put(letter: Letter): Promise<void>;
  remove(id: number): Promise<void>;
}

export interface OutboxOptions {
  readonly box: LetterBox;
  readonly account: string;
  readonly send: (letter: Letter) => Promise<void>;
  readonly onChange: (letters: readonly Letter[]) => void;
  /** The server has said no: it is not sent again. */
  readonly onRefused: (letter: Letter, problem: ProblemError) => void;
}

export class OutboxFullError extends Error {
  constructor() {
    super('too much waits to be sent');
  }
}

const mostLetters = 100;
const retryMs = 4_000;

/** Keeps what was done without a net, and sends it in order once there is one. */
export class Outbox {
  readonly #options: OutboxOptions;
  #letters: readonly Letter[] = [];
  #sending: Promise<void> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get letters(): readonly Letter[] {
    return this.#letters;
  }

  /** Takes up what a former page has left. */
  async open(): Promise<void> {
    const all = await this.#options.box.all();
    this.#show(all.filter(({ account }) => account === this.#options.account).sort((a, b) => a.id - b.id));
    this.flush();
  }

  /** Kept first, then sent. Fails with `OutboxFullError`. */
  async post(news: NewLetter): Promise<void> {
    if (this.#letters.length >= mostLetters) throw new OutboxFullError();
    const id = Math.max(Date.now(), (this.#letters.at(-1)?.id ?? 0) + 1);
    const letter: Letter = {
      ...news,
      id,
      account: this.#options.account,
      key: commandKey(),
      at: new Date().toISOString(),
    };
    await this.#options.box.put(letter);
    this.#show([...this.#letters, letter]);
    this.flush();
  }

  /** Tries now; safe to call at any time. */
  flush(): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Waits for the letter on its way; what is left is sent by the next page. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (let letter = this.#letters[0]; letter && !this.#closed; letter = this.#letters[0]) {
      if (await this.#sendOne(letter)) continue;
      this.#retry = setTimeout(() => this.flush(), retryMs);
      return;
    }
  }

  /** False when it has to be tried again. */
  async #sendOne(letter: Letter): Promise<boolean> {
    try {
      await this.#options.send(letter);
    } catch (error) {
      if (!(error instanceof ProblemError) || isPassing(error)) return false;
      this.#options.onRefused(letter, error);
    }
    await this.#options.box.remove(letter.id);
    this.#show(this.#letters.filter(({ id }) => id !== letter.id));
    return true;
  }

  #show(letters: readonly Letter[]): void {
    this.#letters = letters;
    this.#options.onChange(letters);
  }
}

/** No net, a server that restarts, too many at once, a session that has to be opened again. */
function isPassing({ status }: ProblemError): boolean {
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;
}
