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
  const all: Round[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await once(load, burst, join(directory.path, `${round}`)));
  const rates = (of: keyof Round) => all.map((round) => round[of].messagesPerSecond);
  const acks = (of: keyof Round) => all.flatMap((round) => round[of].ackMs);
  const who = `MQTT QoS 1 to disk, ${publishers} publishers × ${window} on their way`;
  const write = (value: number) => `${digits(value)} messages/s`;
  const against = (what: string, peer: keyof Round) => compare({ what, ours: rates('ours'), peer: rates(peer), write });
  const half = 'MQTT: publish → PUBACK at half of our most, p50 / p99; at all of it';
  return [
    against(`${who}; Mosquitto saving every second`, 'saving'),
    against('MQTT: the same; Mosquitto saving every half hour', 'forgetful'),
    against('MQTT: the same; aedes in memory', 'memory'),
    compareLatencies({ what: half, unit: 'ms', ours: acks('half'), peer: acks('ours') }),
  ];
}

/** All brokers under the same load, one after another, and ours at half of its own most. */
interface Round {
  readonly ours: BurstResult;
  readonly half: BurstResult;
  readonly saving: BurstResult;
  readonly forgetful: BurstResult;
  readonly memory: BurstResult;
}

async function once(load: Program, burst: Load, path: string): Promise<Round> {
  await mkdir(join(path, 'forgetful'), { recursive: true });
  const { ours, half } = await againstOurs(load, burst, path);
  return {
    ours,
    half,
    saving: await againstMosquitto(load, burst, { directory: path, saving: true }),
    forgetful: await againstMosquitto(load, burst, { directory: join(path, 'forgetful'), saving: false }),
    memory: await againstAedes(load, burst),
  };
}

type Load = Omit<Burst, 'port'>;

async function againstOurs(load: Program, burst: Load, directory: string): Promise<Pick<Round, 'ours' | 'half'>> {
  const options = { directory, ids: burst.ids };
  const { program, ready } = await startProgram<{ port: number }>('ingest/our-broker.ts', options);
  await using _program = program;
  const ours = await run(load, { ...burst, port: ready.port });
  // What the burst has left behind is no part of half of the load.
  await program.ask({});
  const perSecond = ours.messagesPerSecond / 2;
  return { ours, half: await load.ask<BurstResult>({ ...burst, port: ready.port, perSecond, whole: true }) };
}

async function againstAedes(load: Program, burst: Load): Promise<BurstResult> {
  const { program, ready } = await startProgram<{ port: number }>('ingest/aedes-broker.ts', {});
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
