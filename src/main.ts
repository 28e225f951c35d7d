/** The process: its arguments, its environment, its signals. What it runs is in `cli/`. */
import process, { argv, env, exit, stderr, stdout } from 'node:process';
import { readArguments, readPort } from './cli/arguments.ts';
import { UsageError } from './cli/command.ts';
import { commands, usage } from './cli/commands.ts';
import { AppError } from './shared/app-error.ts';
import { takeEnvironment } from './shared/own-environment.ts';

const environment = takeEnvironment(env);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal));

async function main(): Promise<number> {
  const { words, options, lists, flags } = readArguments(argv.slice(2));
  const command = commands.find(({ name }) => name.split(' ').every((word, index) => words[index] === word));
  if (command === undefined)
    throw new UsageError(words.length === 0 ? 'which command?' : `unknown command: ${words.join(' ')}`);
  const run = await command.load();
  return await run({
    configDir: options.config ?? 'config',
    dataDir: options.data ?? 'data',
    port: readPort(options.port),
    host: options.host,
    words: words.slice(command.name.split(' ').length),
    options,
    lists,
    flags,
    environment,
    print: (line) => stdout.write(`${line}\n`),
    signal: stop.signal,
  });
}

function explain(error: unknown): number {
  if (error instanceof UsageError) stderr.write(`${error.message}\n\n${usage()}\n`);
  else if (error instanceof AppError) stderr.write(`${error.message}\n`);
  else stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}

exit(await main().catch(explain));
