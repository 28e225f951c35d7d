import type { KeyObject } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../shared/log.ts';
import { ledgerHead } from '../../store/ledger-repository.ts';
import type { Store } from '../../store/store.ts';
import { firstPrevious, headLine, lineHash, parseHead } from './ledger-head.ts';

export interface LedgerHeadsOptions {
  readonly store: Store;
  /** Best on another disk than the database. */
  readonly path: string;
  readonly key: KeyObject;
  readonly log: Log;
  readonly everyMs?: number;
}

interface Last {
  readonly id: number;
  readonly line: string;
}

const tailBytes = 4_096;

/** Writes the signed head of the ledger outside of the database, every minute there is a new one and when all ends. */
export class LedgerHeads {
  readonly #options: LedgerHeadsOptions;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #last: Last | undefined;
  #health: 'ok' | 'not written' = 'ok';

  constructor(options: LedgerHeadsOptions) {
    this.#options = options;
  }

  get health(): 'ok' | 'not written' {
    return this.#health;
  }

  start(): void {
    this.#running ??= this.#run(this.#closing.signal);
  }

  /** Safe to call twice; the newest row is written down afterwards. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return await this.#running;
    this.#closing.abort();
    await this.#running;
    if (this.#running) await this.#tryToWrite();
  }

  /** On disk when it resolves. */
  async write(): Promise<void> {
    const { store, path, key } = this.#options;
    const head = await ledgerHead(store.db);
    this.#last ??= await lastOf(path);
    if (!head || head.id === this.#last?.id) return;
    if (this.#last && head.id < this.#last.id) this.#tellOfLoss(head.id, this.#last.id);
    const previous = this.#last ? lineHash(this.#last.line) : firstPrevious;
    const line = headLine({ at: new Date().toISOString(), ...head, previous }, key);
    await append(path, line);
    this.#last = { id: head.id, line };
  }

  #tellOfLoss(id: number, signed: number): void {
    this.#options.log.error({ id, signed }, 'the ledger has fewer rows than were signed: run tianliang ledger verify');
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#tryToWrite();
      await sleep(this.#options.everyMs ?? 60_000, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #tryToWrite(): Promise<void> {
    try {
      await this.write();
      this.#health = 'ok';
    } catch (err) {
      this.#health = 'not written';
      this.#options.log.error({ err }, 'the head of the ledger could not be written');
    }
  }
}

/** After a line that a crash left unfinished a new one begins. */
async function append(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const isFinished = size === 0 || buffer[0] === 0x0a;
    await file.appendFile(`${isFinished ? '' : '\n'}${line}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function lastOf(path: string): Promise<Last | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, Math.max(0, size - tailBytes));
    const lines = buffer.subarray(0, bytesRead).toString().split('\n');
    const line = lines.findLast((one) => parseHead(one) !== undefined);
    const head = line === undefined ? undefined : parseHead(line);
    return line !== undefined && head ? { id: head.id, line } : undefined;
  } finally {
    await file.close();
  }
}
