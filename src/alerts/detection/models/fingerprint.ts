import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ModelUnusable } from '../detector-errors.ts';
import { readGraphFile, weightNames } from './graph-file.ts';
import { reasonOf } from './reason.ts';

/** SHA-256 over the model.json and then its weights in their order: `cat model.json *.bin | sha256sum`. */
export async function fingerprintOf(path: string): Promise<string> {
  const names = weightNames(await readGraphFile(path)).map((name) => join(dirname(path), name));
  const hash = createHash('sha256');
  try {
    for (const file of [path, ...names])
      await pipeline(createReadStream(file), async (chunks) => {
        for await (const chunk of chunks) hash.update(chunk);
      });
  } catch (error) {
    throw new ModelUnusable(path, reasonOf(error));
  }
  return hash.digest('hex');
}
