import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Config, deepFreeze, loadConfig } from './config.ts';
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

/** Above so many bytes of files reading is left to a thread also when nothing else runs yet: its memory goes with it. */
const largeBytes = 1_000_000;

/** Reads the config directory as a server starts: small ones here, large ones apart. Fails as `loadConfig` does. */
export async function loadConfigAtStart(dir: string, environment: Environment): Promise<Config> {
  const files = await readdir(dir).catch(() => []);
  const sizes = await Promise.all(files.map((file) => sizeOf(join(dir, file))));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return bytes > largeBytes ? await loadConfigApart(dir, environment) : await loadConfig(dir, environment);
}

async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** What crosses between threads arrives as a copy, no longer frozen. */
function configOf(reading: ConfigReading): Config {
  if (reading.type === 'config') return deepFreeze(reading.config);
  if (reading.type === 'wrong') throw new ConfigError(reading.issues);
  throw new ConfigUnreadableError(reading.reason);
}
