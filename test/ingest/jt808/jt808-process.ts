import { appendFileSync } from 'node:fs';
import { argv } from 'node:process';
import { startIngest } from '../rig.ts';

/*
 * An ingest that can be killed: node jt808-process.ts DIRECTORY PORT PHONES. Each delivered call for help is its key on a
 * line of delivered.log, so that a test can count what was delivered over all lives.
 */
const [directory = '', port = '0', phones = ''] = argv.slice(2);
const devices = phones
  .split(',')
  .map((phone) => ({ id: `t${phone}`, password: `${phone}-secret`, kind: 'terminal' as const, jt808: { phone } }));
const { ingest } = await startIngest(directory, {
  devices,
  jt808: { host: '127.0.0.1', port: Number(port) },
  onMessage: async (message) => {
    if (message.type === 'sos') appendFileSync(`${directory}/delivered.log`, `${message.key}\n`);
  },
});
process.stdout.write(`listening ${ingest.terminalAddress?.port}\n`);
