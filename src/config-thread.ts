import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Config, deepFreeze } from './config.ts';
import { AppError } from './shared/app-error.ts';
import { ConfigError, type ConfigIssue } from './shared/config-error.ts';
import type { Environment } from './shared/placeholders.ts';

export interface ConfigToRead {
  readonly dir: string;
  readonly environment: Environment;
}

/** What the thread says, once. */
export type ConfigReading =
  | { readonly type: 'config'; readonly config: Config }
  | { readonly type: 'wrong'; readonly issues: readonly ConfigIssue[] }
  | { readonly type: 'failed'; readonly reason: string };

/** The directory could not be read at all, or not in time. */
export class ConfigUnreadableError extends AppError {
  readonly code = 'CONFIG_UNREADABLE';
  override readonly statusCode = 503;

  constructor(reason: string, options?: ErrorOptions) {
    super(`the config directory could not be read: ${reason}`, options);
  }
}

const deadlineMs = 120_000;

/**
 * Reads the config directory in a thread of its own: thousands of cameras take seconds and hundreds of megabytes to read,
 * and no picture may wait so long. Fails as `loadConfig` does, or with `ConfigUnreadableError`.
 */
export async function loadConfigApart(dir: string, environment: Environment): Promise<Config> {
  const toRead: ConfigToRead = { dir, environment: { ...environment } };
  const worker = new Worker(new URL('./config-worker.ts', import.meta.url), { workerData: toRead });
  try {
    const [reading] = await once(worker, 'message', { signal: AbortSignal.timeout(deadlineMs) });
    return configOf(reading);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new ConfigUnreadableError('it took too long, or the reader broke', { cause });
  } finally {
    await worker.terminate();
  }
}

/** What crosses between threads arrives as a copy, no longer frozen. */
function configOf(reading: ConfigReading): Config {
  if (reading.type === 'config') return deepFreeze(reading.config);
  if (reading.type === 'wrong') throw new ConfigError(reading.issues);
  throw new ConfigUnreadableError(reading.reason);
}
