/** Stands in for src/main.ts in the demo's own test: a broker and `/readyz`, and what it was given in a file. */
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process, { argv, env, exit } from 'node:process';
import { parseArgs } from 'node:util';
import { Aedes } from 'aedes';

const options = {
  config: { type: 'string' },
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
} as const;
const { values } = parseArgs({ args: argv.slice(3), options });
const given = Object.fromEntries(Object.entries(env).filter(([name]) => /^(DEMO_|TIANLIANG_)/.test(name)));
const file = join(values.data ?? '.', 'given.json');
const topics = new Set<string>();

const broker = await Aedes.createBroker();
broker.on('publish', ({ topic }, client) => {
  if (client) topics.add(topic);
  writeFileSync(file, JSON.stringify({ command: argv[2], values, given, topics: [...topics] }));
});
createServer((socket) => broker.handle(socket)).listen(Number(env.DEMO_MQTT_PORT), '127.0.0.1');
const startedAt = Date.now();
createHttpServer(({ url }, response) => {
  if (url === '/die') exit(3);
  response.writeHead(Date.now() - startedAt > 300 ? 200 : 503).end();
}).listen(Number(values.port), values.host);
process.stdout.write('{"msg":"stub listening"}\n');
process.on('SIGTERM', () => exit(0));
