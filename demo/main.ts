/** `npm run demo [-- --port N --data DIR --host H]`: the whole command center with a world around it, until Ctrl-C. */
import { join } from 'node:path';
import process, { env, exit, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { runDemo } from './demo.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());

const { values } = parseArgs({
  options: { port: { type: 'string' }, data: { type: 'string' }, host: { type: 'string' } },
});
const print = (text: string) => stdout.write(`${text}\n`);

const code = await runDemo({
  port: values.port === undefined ? undefined : Number(values.port),
  host: values.host ?? '127.0.0.1',
  data: values.data ?? join(import.meta.dirname, '../data/demo'),
  env,
  print,
  signal: stop.signal,
}).catch((error: unknown) => {
  print(`  ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});
exit(code);
