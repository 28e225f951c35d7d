import { readFile } from 'node:fs/promises';
import { loadConfig } from '../config.ts';
import { dryRun } from '../ingest/dry-run.ts';
import { Vocabulary } from '../ingest/vocabulary.ts';
import { type Command, UsageError } from './command.ts';

/** Shows what becomes of one message: which decoder takes it, what it means, what is refused. Exit code 1 when none does. */
export const decode: Command = async ({ configDir, environment, options, print }) => {
  const { topic, payload, device } = options;
  if (topic === undefined || payload === undefined)
    throw new UsageError('decode expects --topic TOPIC and --payload FILE');
  const { tianliang } = await loadConfig(configDir, environment);
  const message = { topic, payload: await readPayload(payload), receivedAt: new Date(), device };
  const { taken, lines } = dryRun(new Vocabulary(tianliang), message);
  for (const line of lines) print(line);
  return taken ? 0 : 1;
};

async function readPayload(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new UsageError(`--payload ${file} cannot be read`, { cause });
  }
}
