import type { KeyObject } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemActor } from '../../shared/actor.ts';
import type { Log } from '../../shared/log.ts';
import { notedHead, noteHead } from '../../store/ledger-heads-repository.ts';
import { appendLedger, type LedgerLink, ledgerHead } from '../../store/ledger-repository.ts';
import type { Store } from '../../store/store.ts';
import { hasLine } from './head-lines.ts';
import { firstPrevious, headLine, type LedgerHead, lineHash, parseHead } from './ledger-head.ts';

export interface LedgerHeadsOptions {
  readonly store: Store;
  /** Best on another disk than the database. */
  readonly path: string;
  readonly key: KeyObject;
  readonly log: Log;
  readonly everyMs?: number;
}

interface Last {
  readonly head: Pick<LedgerHead, 'id' | 'hash'>;
  readonly line: string;
}

const tailBytes = 4_096;

/**
 * Writes the signed head of the ledger outside of the database, every minute there is a new one and when all ends. The
 * database remembers the last line, so that each of the two tells when the other was cut.
 */
export class LedgerHeads {
  readonly #options: LedgerHeadsOptions;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
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

  /** Of the newest row unless told; on disk when it resolves. */
  write(row?: LedgerLink): Promise<void> {
    const written = this.#turn.then(() => this.#write(row));
    this.#turn = written.catch(() => undefined);
    return written;
  }

  /** As `write`; a file that cannot be written is told of and holds nothing up. */
  async sign(row: LedgerLink): Promise<void> {
    await this.#tryToWrite(row);
  }

  async #write(row: LedgerLink | undefined): Promise<void> {
    const { store, path, key } = this.#options;
    this.#last ??= await this.#known();
    const head = row ?? (await ledgerHead(store.db));
    const last = this.#last;
    if (!head || (head.id === last?.head.id && head.hash === last.head.hash)) return;
    if (!row && last && head.id <= last.head.id) this.#tellOfLoss(head.id, last.head.id);
    const previous = last ? lineHash(last.line) : firstPrevious;
    const line = headLine({ at: new Date().toISOString(), ...head, previous }, key);
    await append(path, line);
    this.#last = { head, line };
    await noteHead(store.db, { id: head.id, line: lineHash(line) });
  }

  /** The last line of the file. That a line which the database remembers is gone is a row of the ledger. */
  async #known(): Promise<Last | undefined> {
    const { store, path, log } = this.#options;
    const last = await lastOf(path);
    const noted = await notedHead(store.db);
    // Years of heads are read through only when the last one is another.
    const isLast = last !== undefined && lineHash(last.line) === noted?.line;
    if (!noted || isLast || (await hasLine(path, noted.line))) return last;
    const details = { row: noted.id, ...(last && { last: last.head.id }) };
    log.error({ path, ...details }, 'signed heads of the ledger are gone');
    const lost = { actor: systemActor, action: 'ledger.heads-lost', result: 'failed', details } as const;
    await store.transaction((tx) => appendLedger(tx, lost));
    return last;
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

  async #tryToWrite(row?: LedgerLink): Promise<void> {
    try {
      await this.write(row);
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
    return line !== undefined && head ? { head, line } : undefined;
  } finally {
    await file.close();
  }
}
