import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startMosquitto } from './ingest/mosquitto.ts';
import type { Burst, BurstResult } from './ingest/publishers.ts';
import { type Program, startProgram } from './program.ts';
import { compare, compareLatencies, digits, type Row } from './report.ts';
import { scratch } from './scratch.ts';

export interface IngestBench {
  readonly publishers: number;
  /** Of each publisher, on their way at once. */
  readonly window: number;
  /** Of each publisher in one burst. */
  readonly messages: number;
  /** A burst ends then, whatever is sent. */
  readonly seconds: number;
  readonly rounds: number;
}

/** Messages acknowledged at QoS 1, which with us means: on disk. */
export async function benchIngest({ publishers, window, messages, seconds, rounds }: IngestBench): Promise<Row[]> {
  await using directory = await scratch();
  const ids = Array.from({ length: publishers }, (_, n) => `ws-${n}`);
  const { program: load } = await startProgram('ingest/publishers.ts', {});
  await using _load = load;
  const burst = { ids, window, messages, seconds };
  const ours: BurstResult[] = [];
  const peer: BurstResult[] = [];
  const forgetful: BurstResult[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const path = join(directory.path, `${round}`);
    await mkdir(join(path, 'forgetful'), { recursive: true });
    ours.push(await againstOurs(load, burst, path));
    peer.push(await againstMosquitto(load, burst, { directory: path, saving: true }));
    forgetful.push(await againstMosquitto(load, burst, { directory: join(path, 'forgetful'), saving: false }));
  }
  const rates = (results: readonly BurstResult[]) => results.map(({ messagesPerSecond }) => messagesPerSecond);
  const acks = (results: readonly BurstResult[]) => results.flatMap(({ ackMs }) => ackMs);
  const who = `MQTT QoS 1 to disk, ${publishers} publishers × ${window} on their way`;
  const write = (value: number) => `${digits(value)} messages/s`;
  return [
    compare({ what: who, ours: rates(ours), peer: rates(peer), write }),
    compare({ what: 'MQTT: the same, the peer saving nothing', ours: rates(ours), peer: rates(forgetful), write }),
    compareLatencies({ what: 'MQTT: publish → PUBACK, p50 / p99', unit: 'ms', ours: acks(ours), peer: acks(peer) }),
  ];
}

type Load = Omit<Burst, 'port'>;

async function againstOurs(load: Program, burst: Load, directory: string): Promise<BurstResult> {
  const options = { directory, ids: burst.ids };
  const { program, ready } = await startProgram<{ port: number }>('ingest/our-broker.ts', options);
  await using _program = program;
  return await run(load, { ...burst, port: ready.port });
}

interface Peer {
  readonly directory: string;
  readonly saving: boolean;
}

async function againstMosquitto(load: Program, burst: Load, { directory, saving }: Peer): Promise<BurstResult> {
  await using mosquitto = await startMosquitto(directory, { saving });
  return await run(load, { ...burst, port: mosquitto.port });
}

/** Connections and code are warm before it counts. */
async function run(load: Program, burst: Burst): Promise<BurstResult> {
  await load.ask<BurstResult>({ ...burst, messages: Math.ceil(burst.messages / 10) });
  return await load.ask<BurstResult>(burst);
}
