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

/** The first line that does not hold: signed by another key, or not after the line before it. */
export interface HeadProblem {
  readonly line: number;
  readonly id: number;
  readonly problem: 'foreign-key' | 'unchained';
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

export function headLine(head: Omit<LedgerHead, 'signature'>, key: KeyObject): string {
  const signature = sign(null, saidOf(head), key).toString('base64url');
  return JSON.stringify({ ...head, signature } satisfies LedgerHead);
}

/** Undefined for a line that a crash left unfinished. */
export function parseHead(line: string): LedgerHead | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return checked.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads heads line by line; those from the first wrong one on prove nothing. */
export class HeadReader {
  readonly #key: KeyObject;
  readonly #marks = new Map<number, string>();
  #previous = firstPrevious;
  #line = 0;
  #count = 0;
  #problem: HeadProblem | undefined;

  constructor(key: KeyObject) {
    this.#key = key;
  }

  get heads(): ReadHeads {
    const problem = this.#problem;
    return { marks: this.#marks, count: this.#count, ...(problem && { problem }) };
  }

  take(line: string): void {
    this.#line += 1;
    const head = parseHead(line);
    if (!head || this.#problem) return;
    this.#problem = this.#problemOf(head);
    if (this.#problem) return;
    this.#count += 1;
    this.#marks.set(head.id, head.hash);
    this.#previous = lineHash(line);
  }

  #problemOf(head: LedgerHead): HeadProblem | undefined {
    const { id, previous, signature } = head;
    if (!verify(null, saidOf(head), this.#key, Buffer.from(signature, 'base64url')))
      return { line: this.#line, id, problem: 'foreign-key' };
    return previous === this.#previous ? undefined : { line: this.#line, id, problem: 'unchained' };
  }
}
