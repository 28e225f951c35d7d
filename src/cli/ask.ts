import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { AppError } from '../shared/app-error.ts';

export interface Terminal {
  readonly input: Pick<ReadStream, 'isTTY'> & NodeJS.ReadableStream;
  readonly output: Pick<WriteStream, 'isTTY'> & NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** Neither a password nor a terminal to ask for it. */
export class NoPasswordError extends AppError {
  readonly code = 'NO_PASSWORD';

  constructor() {
    super('no password: set TIANLIANG_PASSWORD or run this in a terminal');
  }
}

/** Asks one question after the other without showing what is typed. Fails with `NoPasswordError` without a terminal. */
export async function askHidden({ input, output, signal }: Terminal, questions: readonly string[]): Promise<string[]> {
  if (!input.isTTY) throw new NoPasswordError();
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: true });
  const answers: string[] = [];
  try {
    for (const question of questions) {
      output.write(question);
      answers.push(await lines.question('', { signal }));
      output.write('\n');
    }
    return answers;
  } finally {
    lines.close();
  }
}
