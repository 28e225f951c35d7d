import { Ingest } from '../../src/ingest/ingest.ts';
import { silentLog } from '../../src/shared/log.ts';
import { programOptions, say } from '../program.ts';

/* The ingest slice: broker, decoders, telemetry on disk. Says `{ port }`. */
const { directory, ids } = programOptions<{ directory: string; ids: string[] }>();
const unlimited = { messagesPerSecond: 1_000_000, bytesPerSecond: 1_000_000_000 };
const ingest = new Ingest({
  dataDirectory: directory,
  mqtt: { embedded: { host: '127.0.0.1', port: 0, limits: unlimited } },
  devices: ids.map((id) => ({ id, password: `${id}-secret`, kind: 'sensor' })),
  telemetry: { store: 'sqlite', retention: '90d' },
  onMessage: () => undefined,
  log: silentLog,
});
await ingest.start();
say({ port: ingest.address?.port });
