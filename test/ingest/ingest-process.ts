import { appendFileSync } from 'node:fs';
import { argv } from 'node:process';
import { startIngest } from './rig.ts';

/*
 * An ingest that can be killed: node ingest-process.ts DIRECTORY PORT IDS. Each delivered SOS is a line in delivered.log,
 * written with the file's own flush order, so that a test can count what was delivered over all lives.
 */
const [directory = '', port = '0', ids = ''] = argv.slice(2);
const devices = ids.split(',').map((id) => ({ id, password: `${id}-secret`, kind: 'terminal' as const }));
const { ingest } = await startIngest(directory, {
  mqtt: { embedded: { host: '127.0.0.1', port: Number(port) } },
  devices,
  onMessage: async (message) => {
    if (message.type === 'sos') appendFileSync(`${directory}/delivered.log`, `${message.key} ${message.text}\n`);
  },
});
process.stdout.write(`${ingest.address?.port}\n`);
