/** Reads the config directory once and says what is in it: the thread behind `config-thread.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadConfig } from './config.ts';
import type { ConfigReading, ConfigToRead } from './config-thread.ts';
import { ConfigError } from './shared/config-error.ts';

async function read({ dir, environment }: ConfigToRead): Promise<ConfigReading> {
  try {
    return { type: 'config', config: await loadConfig(dir, environment) };
  } catch (error) {
    if (error instanceof ConfigError) return { type: 'wrong', issues: error.issues };
    return { type: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(await read(workerData));
