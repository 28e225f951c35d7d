/** `npm run bench -- [relay] [relay-scale] [latency] [ingest] [telemetry] [alerts] [dispatch] [detection] [detection-latency] [--cameras N] …`: prints one table; ours and the peer in the same run. */
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAlerts } from './alerts.ts';
import { benchDetection } from './detection.ts';
import { benchDetectionGate } from './detection-gate.ts';
import { benchDetectionLatency } from './detection-latency.ts';
import { benchDispatch } from './dispatch.ts';
import { benchIngest } from './ingest.ts';
import { benchLatency } from './latency.ts';
import { benchRelay } from './relay.ts';
import { benchRelayScale, type ScaleStep } from './relay-scale.ts';
import { type Row, table } from './report.ts';
import { benchTelemetry } from './telemetry.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cameras: { type: 'string', default: '40' },
    steps: { type: 'string', default: '10x1,40x1,80x1,150x1,1x500' },
    publishers: { type: 'string', default: '500' },
    /** Of each publisher. */
    messages: { type: 'string', default: '400' },
    points: { type: 'string', default: '200000' },
    seats: { type: 'string', default: '100' },
    units: { type: 'string', default: '1436' },
    segments: { type: 'string', default: '10000' },
    /** Of one measurement; by default each bench has its own. */
    seconds: { type: 'string' },
    rounds: { type: 'string', default: '2' },
  },
});

const rounds = Number(values.rounds);
const seconds = (own: number): number => (values.seconds === undefined ? own : Number(values.seconds));

/** `40x1`: so many cameras, and so many viewers of each. */
function stepOf(written: string): ScaleStep {
  const [cameras, viewersEach] = written.split('x').map(Number);
  if (!cameras || !viewersEach) throw new Error(`a step is written like 40x1, not ${written}`);
  return { cameras, viewersEach };
}

const benches: Readonly<Record<string, () => Promise<Row[]>>> = {
  relay: () => benchRelay({ cameras: Number(values.cameras), seconds: seconds(3), rounds }),
  'relay-scale': () => benchRelayScale({ steps: values.steps.split(',').map(stepOf), seconds: seconds(5) }),
  latency: () => benchLatency({ seconds: seconds(5), rounds }),
  ingest: () =>
    benchIngest({
      publishers: Number(values.publishers),
      window: 4,
      messages: Number(values.messages),
      seconds: seconds(10),
      rounds,
    }),
  telemetry: () => benchTelemetry({ points: Number(values.points), rounds }),
  alerts: () => benchAlerts({ seats: Number(values.seats), perSecond: 20, seconds: seconds(5), rounds }),
  detection: async () => [
    ...(await benchDetection({ rounds })),
    ...(await benchDetectionGate({ cameras: 4, seconds: seconds(60) })),
  ],
  'detection-latency': () => benchDetectionLatency({ cameras: 8, every: 0.5, workers: 1, leastAlerts: 40 }),
  dispatch: () => benchDispatch({ units: Number(values.units), segments: Number(values.segments), places: 25, rounds }),
};

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

const before = load();
const rows: Row[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  const bench = benches[name];
  if (!bench) throw new Error(`no bench is called ${name}; there are ${Object.keys(benches).join(', ')}`);
  rows.push(...(await bench()));
}
const [cpu] = cpus();
const machine = `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
console.log(`${table(rows)}\n\n${machine}; load average ${before} before, ${load()} after.`);
