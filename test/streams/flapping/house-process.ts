/** A house that watches cameras, and says what it holds whenever it is asked. Run with --expose-gc. */
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../../src/shared/log.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { descendantsOf } from '../../helpers/processes.ts';

const urls: string[] = JSON.parse(process.argv[2] ?? '[]');
// A camera that flaps is waited for up to a minute: the jitter makes it a fraction, so that each cycle is a restart.
const jitter = Math.random;
Math.random = () => 0.002;
let lines = 0;
let changes = 0;
let attempts = 0;
const count = () => {
  lines += 1;
};
const log: Log = { ...silentLog, info: count, warn: count, error: count, child: () => log };
const cameras = resolveCameras({ cameras: urls.map((source, index) => ({ id: `cam-${index}`, source })) });
const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
const house = new CameraStreams({ cameras, resolveOnvif, ffmpegPath: 'ffmpeg', log, lingerMs: 50 });
const phases = new Map<string, string>();
house.on('state', ({ id, state }) => {
  if (phases.get(id) === state.phase) return;
  changes += 1;
  if (state.phase === 'connecting') attempts += 1;
  phases.set(id, state.phase);
});

async function report(): Promise<object> {
  for (let turn = 0; turn < 5; turn += 1) {
    globalThis.gc?.();
    await sleep(50);
  }
  const resources = process.getActiveResourcesInfo();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    timers: resources.filter((kind) => kind === 'Timeout').length,
    sockets: resources.filter((kind) => kind.includes('TCP')).length,
    files: readdirSync('/proc/self/fd').length,
    children: descendantsOf(process.pid).length,
    phases: [...new Set(phases.values())],
    rss,
    heapUsed,
    lines,
    changes,
    attempts,
  };
}

const viewers: { close: (reason: 'left') => void }[] = [];
const commands: Record<string, () => unknown> = {
  watch: () => {
    for (const { id } of cameras) {
      viewers.push(house.open({ camera: id }, { write: () => true, end: () => undefined }));
    }
  },
  patient: () => {
    Math.random = jitter;
  },
  leave: async () => {
    for (const viewer of viewers) viewer.close('left');
    while (house.list().some(({ state }) => state.phase !== 'idle')) await sleep(20);
  },
  end: async () => {
    await house.close();
    process.exit(0);
  },
};

for await (const command of createInterface(process.stdin)) {
  await commands[command]?.();
  process.stdout.write(`${command} ${JSON.stringify(await report())}\n`);
}
