/** Raises alerts and tells them to a receiver until it is killed. Arguments: the database, the receiver, a round. */
import { argv, stdout } from 'node:process';
import { AlertDesk } from '../../../src/alerts/desk.ts';
import { Channels } from '../../../src/dispatch/channels/channels.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { openStore } from '../../../src/store/store.ts';
import { fog, seat } from '../../alerts/alert-fixtures.ts';
import { webhookTo } from './receiver.ts';

const [, , path = '', url = '', round = ''] = argv;
const store = await openStore(path);
const desk = new AlertDesk({ store, log: silentLog });
const limits = { backoff: { baseMs: 5, maxMs: 20 } };
const channels = new Channels({ config: [webhookTo(url)], store, dataDir: '', log: silentLog, limits });
desk.on('changed', () => channels.wake());
await channels.start();
await channels.waiting();

for (let n = 0; n < 1_000; n += 1) {
  const name = `${round}-${n}`;
  const place = { lat: 20 + n / 50, lon: 100 + Number(round) };
  const { id } = await desk.observe(fog({ key: name, sensor: name, position: place, at: new Date() }));
  const { version } = await desk.acknowledge(id, seat);
  stdout.write(`${JSON.stringify({ id, version })}\n`);
}
