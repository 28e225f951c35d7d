import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { ready, setBackend } from '@tensorflow/tfjs-core';
import { BackendUnusable } from '../detector-errors.ts';
import type { BackendName, BackendWish } from './model-form.ts';
import { quickenMean } from './quick-mean.ts';

/** Starts what the models of this thread run on, and says which it is. Throws BackendUnusable. */
export async function startBackend(wish: BackendWish): Promise<BackendName> {
  if (wish !== 'wasm') {
    const cause = await startNode();
    if (cause === undefined) return 'node';
    if (wish === 'node') throw new BackendUnusable('node', nodeReason(cause), { cause });
  }
  const require = createRequire(import.meta.url);
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  if (!(await setBackend('wasm'))) throw new BackendUnusable('wasm', 'it does not start on this machine');
  await ready();
  quickenMean();
  return 'wasm';
}

/** A name the compiler does not look up: most installations do not have it. */
const nodePackage: string = '@tensorflow/tfjs-node';

/** Why it cannot be used, or nothing. */
async function startNode(): Promise<unknown> {
  try {
    const require = createRequire(import.meta.url);
    require.resolve(nodePackage);
    // It still calls what Node 23 took away.
    const util: object = require('node:util');
    if (!('isNullOrUndefined' in util)) Object.assign(util, { isNullOrUndefined: (value: unknown) => value == null });
    await import(nodePackage);
    if (!(await setBackend('tensorflow'))) return new Error('it does not start on this machine');
    await ready();
    return undefined;
  } catch (error) {
    return error;
  }
}

function nodeReason(cause: unknown): string {
  const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND';
  if (isAbsent) return `${nodePackage} is not installed; install it, or write backend: auto`;
  return cause instanceof Error ? cause.message : String(cause);
}
