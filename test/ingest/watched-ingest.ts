import { answerEach, programOptions, say } from '../../bench/program.ts';
import type { TelemetryConfig } from '../../src/ingest/config.ts';
import { Ingest } from '../../src/ingest/ingest.ts';
import { silentLog } from '../../src/shared/log.ts';
import { countStored } from './misbehaving-influx.ts';

export interface WatchedOptions {
  readonly directory: string;
  readonly ids: readonly string[];
  readonly telemetry: TelemetryConfig;
}

export interface Watched {
  readonly rssBytes: number;
  readonly outboxDepth: number;
  /** What is wrong, in a sentence each. */
  readonly troubles: readonly string[];
}

/** How many points of a measurement the remote store has since then. */
export interface Counting {
  readonly measurement: string;
  readonly from: number;
}

/* The ingest slice alone in a process, so that its memory is its own. Says `{ port }`, then answers how it is, or counts. */
const { directory, ids, telemetry } = programOptions<WatchedOptions>();
const ingest = new Ingest({
  dataDirectory: directory,
  mqtt: { embedded: { host: '127.0.0.1', port: 0 } },
  devices: ids.map((id) => ({ id, password: `${id}-secret`, kind: 'sensor' })),
  telemetry,
  onMessage: () => undefined,
  log: silentLog,
});
await ingest.start();
say({ port: ingest.address?.port });
await answerEach(async (counting: Partial<Counting>) => {
  const { measurement, from } = counting;
  if (measurement !== undefined && from !== undefined)
    return { stored: await countStored(ingest, ids, { measurement, from }) };
  const { outboxDepth } = await ingest.counts();
  const troubles = ingest.health().flatMap(({ message }) => message ?? []);
  return { rssBytes: process.memoryUsage().rss, outboxDepth, troubles } satisfies Watched;
});
