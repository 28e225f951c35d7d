import type { Heard } from './alerts/seats.ts';
import type { Raising } from './alerts/server.ts';
import { type Program, startProgram } from './program.ts';
import { compareLatencies, type Row, written } from './report.ts';
import { scratch } from './scratch.ts';

export interface AlertsBench {
  readonly seats: number;
  readonly perSecond: number;
  /** Of one measurement of one side. */
  readonly seconds: number;
  readonly rounds: number;
}

interface Measured {
  readonly storedMs: readonly number[];
  readonly heardMs: readonly number[];
}

interface World {
  readonly server: Program;
  readonly listeners: Program;
  readonly seats: number;
}

/** From `AlertDesk.observe` to the message at every seat, against a bare broadcast of the same text to as many sockets. */
export async function benchAlerts({ seats, perSecond, seconds, rounds }: AlertsBench): Promise<Row[]> {
  await using directory = await scratch();
  const options = { directory: directory.path };
  const { program: server, ready } = await startProgram<object>('alerts/server.ts', options);
  await using _server = server;
  const { program: listeners } = await startProgram('alerts/seats.ts', { seats, ...ready });
  await using _listeners = listeners;
  const world = { server, listeners, seats };
  const count = Math.ceil(perSecond * seconds);
  await measure(world, { by: 'desk', perSecond, count: Math.ceil(count / 10) });
  await measure(world, { by: 'broadcast', perSecond, count: Math.ceil(count / 10) });
  const ours: Measured[] = [];
  const peer: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await measure(world, { by: 'desk', perSecond, count }));
    peer.push(await measure(world, { by: 'broadcast', perSecond, count }));
  }
  const heard = (all: readonly Measured[]) => all.flatMap(({ heardMs }) => heardMs);
  const stored = ours.flatMap(({ storedMs }) => storedMs);
  const what = `alert seen → told at ${seats} seats, ${perSecond}/s, p50 / p99`;
  return [
    compareLatencies({ what, unit: 'ms', ours: heard(ours), peer: heard(peer) }),
    { what: 'of that until it is on disk, p50 / p99', ours: written(stored, 'ms'), peer: '–', ratio: '–' },
  ];
}

/** A seat that was not told is a failure, never a better latency. */
async function measure({ server, listeners, seats }: World, raising: Raising): Promise<Measured> {
  const { storedMs } = await server.ask<{ storedMs: number[] }>(raising);
  const expected = raising.count * seats;
  const { latenciesMs } = await listeners.ask<Heard>({ expected });
  if (latenciesMs.length === expected) return { storedMs, heardMs: latenciesMs };
  throw new Error(`seats were told ${latenciesMs.length} of ${expected} alerts`);
}
