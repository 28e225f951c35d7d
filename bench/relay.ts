import { setTimeout as delay } from 'node:timers/promises';
import { endChild, spawnChild } from '../src/shared/child.ts';
import { measureUse, type ProcessUse } from './process-use.ts';
import { type Program, startProgram } from './program.ts';
import type { KeyTimes } from './relay/cameras.ts';
import { clipBitrate, makeClip } from './relay/clip.ts';
import type { FirstPictures, Received, ViewerQuestion } from './relay/viewers.ts';
import { compare, compareLatencies, digits, median, type Row, written } from './report.ts';
import { scratch } from './scratch.ts';

export interface RelayBench {
  readonly cameras: number;
  /** Of one measurement. */
  readonly seconds: number;
  /** Ours and theirs, one after the other, so many times. */
  readonly rounds: number;
}

interface Relay extends AsyncDisposable {
  readonly viewUrls: readonly string[];
  readonly pids: readonly number[];
}

interface Round extends ProcessUse {
  readonly coldMs: readonly number[];
  /** From the key picture on the air to the first viewer who had to wait for it. */
  readonly afterKeyMs: readonly number[];
  readonly warmMs: readonly number[];
  readonly bitrates: readonly number[];
}

interface World {
  readonly urls: readonly string[];
  readonly cameras: Program;
  readonly viewers: Program;
  readonly directory: string;
  readonly seconds: number;
}

/** CPU and memory of the relay processes alone: cameras and viewers have theirs, the same for both sides. */
export async function benchRelay({ cameras, seconds, rounds }: RelayBench): Promise<Row[]> {
  await using directory = await scratch();
  const clip = await makeClip(directory.path);
  const { program: source, ready } = await startProgram<{ urls: string[] }>('relay/cameras.ts', { clip, cameras });
  await using _source = source;
  const { program: viewers } = await startProgram('relay/viewers.ts', {});
  await using _viewers = viewers;
  const world: World = { urls: ready.urls, cameras: source, viewers, directory: directory.path, seconds };
  const ours: Round[] = [];
  const peer: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await watch(world, await startOurs(world)));
    peer.push(await watch(world, await startPeer(world)));
  }
  return rowsOf(cameras, ours, peer);
}

async function watch({ cameras, viewers, seconds }: World, started: Relay): Promise<Round> {
  await using relay = started;
  const ask = <T>(question: ViewerQuestion) => viewers.ask<T>(question);
  const cold = await ask<FirstPictures>({ type: 'join', urls: relay.viewUrls });
  const { keyTimes } = await cameras.ask<KeyTimes>({});
  await delay(1_000);
  const warm = await ask<FirstPictures>({ type: 'glance', urls: relay.viewUrls });
  await delay(500);
  const counted = ask<Received>({ type: 'count', seconds });
  const [use, { bitrates }] = await Promise.all([measureUse(relay.pids, seconds), counted]);
  await ask({ type: 'leave' });
  return {
    ...use,
    coldMs: cold.firstPictures.map(({ ms }) => ms),
    afterKeyMs: cold.firstPictures.map(({ atMs }, camera) => sinceKey(keyTimes[camera] ?? [], atMs)),
    warmMs: warm.firstPictures.map(({ ms }) => ms),
    bitrates: checked(bitrates),
  };
}

const sinceKey = (keys: readonly number[], atMs: number): number =>
  atMs - Math.max(...keys.filter((key) => key <= atMs));

/** A relay that loses pictures is cheap: its figures would mean nothing. */
function checked(bitrates: readonly number[]): readonly number[] {
  const worst = Math.min(...bitrates);
  if (worst > clipBitrate / 2) return bitrates;
  throw new Error(`a viewer got ${digits(worst / 1e6)} of ${clipBitrate / 1e6} Mbit/s: the machine is too busy`);
}

async function startOurs({ urls }: World): Promise<Relay> {
  const { program, ready } = await startProgram<{ viewUrls: string[] }>('relay/our-relay.ts', { urls });
  return { ...ready, pids: [program.pid], [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

/** One ffmpeg a camera into node-media-server; it takes viewers once every camera is published. */
async function startPeer({ urls, directory }: World): Promise<Relay> {
  const { program, ready } = await startProgram<{ rtmp: number; http: number }>('relay/peer-relay.ts', { directory });
  const children = urls.map((url, n) => {
    const input = [
      '-nostdin',
      '-loglevel',
      'error',
      '-rtsp_transport',
      'tcp',
      '-analyzeduration',
      '1000000',
      '-i',
      url,
    ];
    const output = ['-c', 'copy', '-f', 'flv', `rtmp://127.0.0.1:${ready.rtmp}/live/camera-${n}`];
    return spawnChild('ffmpeg', [...input, ...output], { stdio: ['ignore', 'ignore', 'ignore'] });
  });
  return {
    viewUrls: urls.map((_, n) => `http://127.0.0.1:${ready.http}/live/camera-${n}.flv`),
    pids: [program.pid, ...children.map(({ pid }) => pid ?? 0)],
    [Symbol.asyncDispose]: async () => {
      await Promise.all(children.map((child) => endChild(child, 2_000)));
      await program[Symbol.asyncDispose]();
    },
  };
}

function rowsOf(cameras: number, ours: readonly Round[], peer: readonly Round[]): Row[] {
  const all = { ours, peer };
  const both = (pick: (round: Round) => number) => ({ ours: all.ours.map(pick), peer: all.peer.map(pick) });
  const megabits = ({ bitrates }: Round) => bitrates.reduce((sum, one) => sum + one, 0) / 1e6;
  const warm = { ours: ours.flatMap(({ warmMs }) => warmMs), peer: peer.flatMap(({ warmMs }) => warmMs) };
  const cold = ours.flatMap(({ coldMs }) => coldMs);
  const afterKey = ours.flatMap(({ afterKeyMs }) => afterKeyMs);
  const delivered = both(megabits);
  return [
    {
      what: `relay, ${cameras} cameras × 1 HTTP-FLV viewer: video the viewers got`,
      ours: `${digits(median(delivered.ours))} Mbit/s`,
      peer: `${digits(median(delivered.peer))} Mbit/s`,
      ratio: `${digits(median(delivered.ours) / median(delivered.peer))}×`,
    },
    compare({
      what: 'relay: CPU a stream, % of one core',
      ...both(({ cpuPercent }) => cpuPercent / cameras),
      write: (value) => `${digits(value)} %`,
    }),
    compare({
      what: 'relay: memory a stream',
      ...both(({ memoryMiB }) => memoryMiB / cameras),
      write: (value) => `${digits(value)} MiB`,
    }),
    compareLatencies({ what: 'relay: first picture of another viewer, p50 / p99', unit: 'ms', ...warm }),
    { what: 'relay: first picture when nobody watched, p50 / p99', ours: written(cold, 'ms'), peer: '–', ratio: '–' },
    {
      what: 'relay: the same, since that key picture left the camera',
      ours: written(afterKey, 'ms'),
      peer: '–',
      ratio: '–',
    },
  ];
}
