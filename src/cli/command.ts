import { AppError } from '../shared/app-error.ts';
import type { Environment } from '../shared/placeholders.ts';

/** What every command is given: where the site's files are, and the process it runs in. */
export interface CommandContext {
  readonly configDir: string;
  readonly dataDir: string;
  readonly port: number | undefined;
  readonly host: string | undefined;
  /** The words after the command's name, and its own options. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | undefined>>;
  /** Its options that may stand several times. */
  readonly lists: Readonly<Record<string, readonly string[] | undefined>>;
  /** Its options without a value. */
  readonly flags: Readonly<Record<string, boolean | undefined>>;
  readonly environment: Environment;
  readonly print: (line: string) => void;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** Runs to its end and answers the exit code. */
export type Command = (context: CommandContext) => Promise<number>;

/** The command line cannot be understood; the message says what would be. */
export class UsageError extends AppError {
  readonly code = 'USAGE';
}
