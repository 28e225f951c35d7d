import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** A line of the file of heads: the newest row of the ledger at a time, signed, and chained to the line before. */
export const LedgerHead = Type.Object(
  {
    at: Type.String({ maxLength: 40 }),
    id: Type.Integer({ minimum: 1 }),
    hash: Hash,
    /** SHA-256 of the line before; zeros for the first. */
    previous: Hash,
    signature: Type.String({ maxLength: 128 }),
  },
  { additionalProperties: false },
);
export type LedgerHead = Static<typeof LedgerHead>;

/** A head that the database remembers: its row, and the SHA-256 of its line. */
export interface NotedHead {
  readonly id: number;
  readonly line: string;
}

/**
 * The first line that does not hold: it was changed or signed by another key, is not after the line before it, or cannot
 * be read; `lost` is a head that the database remembers and that no line is.
 */
export interface HeadProblem {
  readonly line?: number;
  readonly id?: number;
  readonly problem: 'foreign-key' | 'unchained' | 'unreadable' | 'lost';
}

export interface ReadHeads {
  /** Of the rows that heads speak of which hold. */
  readonly marks: Map<number, string>;
  readonly count: number;
  readonly problem?: HeadProblem;
}

const checked = Compile(LedgerHead);
export const firstPrevious = '0'.repeat(64);

const saidOf = ({ at, id, hash, previous }: Omit<LedgerHead, 'signature'>) =>
  Buffer.from(`tianliang ledger head\n${JSON.stringify([at, id, hash, previous])}`);

export const lineHash = (line: string) => createHash('sha256').update(line).digest('hex');

const lineOf = ({ at, id, hash, previous, signature }: LedgerHead) =>
  JSON.stringify({ at, id, hash, previous, signature } satisfies LedgerHead);

export function headLine(head: Omit<LedgerHead, 'signature'>, key: KeyObject): string {
  return lineOf({ ...head, signature: sign(null, saidOf(head), key).toString('base64url') });
}

/** Undefined for a line that a crash left unfinished, and for one that is not letter by letter as we write it. */
export function parseHead(line: string): LedgerHead | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!checked.Check(value)) return undefined;
    const signature = Buffer.from(value.signature, 'base64url').toString('base64url');
    return lineOf({ ...value, signature }) === line ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads heads line by line; those from the first wrong one on prove nothing. */
export class HeadReader {
  readonly #key: KeyObject;
  readonly #noted: NotedHead | undefined;
  readonly #marks = new Map<number, string>();
  #previous = firstPrevious;
  #line = 0;
  #count = 0;
  /** What a crash left unfinished, as long as the next head is after the one before it. */
  #unread: number | undefined;
  #hasNoted = false;
  #problem: HeadProblem | undefined;

  constructor(key: KeyObject, noted?: NotedHead) {
    this.#key = key;
    this.#noted = noted;
  }

  /** Asked when all lines were taken. */
  get heads(): ReadHeads {
    const problem = this.#problem ?? this.#lost();
    return { marks: this.#marks, count: this.#count, ...(problem && { problem }) };
  }

  take(line: string): void {
    this.#line += 1;
    if (this.#problem) return;
    const head = parseHead(line);
    if (!head) {
      this.#unread ??= this.#line;
      return;
    }
    this.#problem = this.#problemOf(head);
    if (this.#problem) return;
    this.#unread = undefined;
    this.#count += 1;
    this.#marks.set(head.id, head.hash);
    this.#previous = lineHash(line);
    this.#hasNoted ||= this.#previous === this.#noted?.line;
  }

  #problemOf(head: LedgerHead): HeadProblem | undefined {
    const { id, previous, signature } = head;
    if (previous !== this.#previous && this.#unread !== undefined) return { line: this.#unread, problem: 'unreadable' };
    if (!verify(null, saidOf(head), this.#key, Buffer.from(signature, 'base64url')))
      return { line: this.#line, id, problem: 'foreign-key' };
    return previous === this.#previous ? undefined : { line: this.#line, id, problem: 'unchained' };
  }

  #lost(): HeadProblem | undefined {
    if (!this.#noted || this.#hasNoted) return undefined;
    const { id } = this.#noted;
    return this.#unread === undefined ? { id, problem: 'lost' } : { id, line: this.#unread, problem: 'unreadable' };
  }
}
