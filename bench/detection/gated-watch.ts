import { execFileSync } from 'node:child_process';
import { defaultModelPath } from '../../src/alerts/detection/default-model.ts';
import { Detection } from '../../src/alerts/detection/detection.ts';
import { DetectorPool } from '../../src/alerts/detection/detector-pool.ts';
import { MotionGate } from '../../src/alerts/detection/gate/motion-gate.ts';
import type { CameraFrame, Detector } from '../../src/alerts/detection/model.ts';
import type { WatchedCamera } from '../../src/alerts/detection/watched-camera.ts';
import { silentLog } from '../../src/shared/log.ts';
import { CameraStreams } from '../../src/streams/camera-streams.ts';
import { resolveCameras } from '../../src/streams/resolve-cameras.ts';
import { answerEach, programOptions, say } from '../program.ts';

export interface GatedWatch {
  readonly urls: readonly string[];
  readonly isGated: boolean;
}

export interface WatchFacts {
  /** Its own process, and the ffmpeg of each camera. */
  readonly pid: number;
  readonly decoders: readonly number[];
  /** So far. */
  readonly pictures: number;
  readonly looks: number;
  /** Of the pictures those that nobody looked at, because a newer one came. */
  readonly dropped: number;
  readonly lookMs: number;
  readonly alerts: number;
  /** Of the gate alone, a picture. */
  readonly gateMs: number;
}

/* The watched cameras without the rest of the house. Says `{}`, and answers each question with `WatchFacts`. */
const { urls, isGated } = programOptions<GatedWatch>();
const zone = {
  id: 'shoulder',
  polygon: [
    [0.5, 0.45],
    [1, 0.45],
    [1, 1],
    [0.5, 1],
  ] as const,
  dwell: 0,
};
const gatePolicy = { fullEveryMs: 30_000, mostRegions: 2 };
const watched = urls.map(
  (_, n): WatchedCamera => ({
    id: `camera-${n}`,
    position: { lat: 27.3 + n / 100, lon: 105.29 },
    detect: { every: 1, zones: [zone] },
  }),
);

let pictures = 0;
let lookMs = 0;
let looks = 0;
let dropped = 0;
let alerts = 0;
let last: CameraFrame | undefined;

const streams = new CameraStreams({
  cameras: resolveCameras({ cameras: urls.map((source, n) => ({ id: `camera-${n}`, source })) }),
  resolveOnvif: () => Promise.reject(new Error('no ONVIF here')),
  ffmpegPath: 'ffmpeg',
  log: silentLog,
});
const model: Detector & { start(): void } = new DetectorPool({
  model: defaultModelPath(),
  workers: 1,
  minScore: 0.2,
  log: silentLog,
});
/** Keeps count of what the model is asked, and how long it took to answer. */
const detector: Detector = {
  detect: async (frame, ...asked) => {
    const began = performance.now();
    const detected = await model.detect(frame, ...asked).catch((error: unknown) => {
      dropped += 1;
      throw error;
    });
    looks += 1;
    lookMs += performance.now() - began;
    last = detected.frame;
    return detected;
  },
};
const detection = new Detection({
  cameras: watched,
  detector,
  gate: isGated ? gatePolicy : undefined,
  frames: async function* (camera, wanted) {
    for await (const frame of streams.frames(camera, wanted)) {
      pictures += 1;
      yield frame;
    }
  },
  observe: async ({ snapshot }) => {
    alerts += snapshot ? 1 : 0;
  },
  end: async () => undefined,
  log: silentLog,
});

function decoders(): number[] {
  const lines = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args='], { encoding: 'utf8' }).split(
    '\n',
  );
  return lines.filter((line) => line.includes('pipe:1')).map((line) => Number.parseInt(line, 10));
}

/** The gate's own time for a picture, over a few hundred of them. */
function gateMs(): number {
  const frame = last;
  if (!frame || frame.yuv.length === 0) return Number.NaN;
  const gate = new MotionGate({ zones: [zone] }, gatePolicy);
  const standing = { followed: [], isMissing: false, pending: [] };
  const rounds = 200;
  for (let round = 0; round < rounds; round += 1) gate.decide(frame, standing);
  const began = performance.now();
  for (let round = 0; round < rounds; round += 1) gate.decide(frame, standing);
  return (performance.now() - began) / rounds;
}

/** A model is slow before it is warm, and behind a gate it would be so for minutes. */
async function warmUp(): Promise<void> {
  const [width, height] = [1_280, 720];
  const frame = {
    camera: 'none',
    at: new Date(0),
    width,
    height,
    yuv: new Uint8Array((width * height * 3) / 2).fill(128),
  };
  const part = { x: 0.25, y: 0.25, width: (0.5 * height) / width, height: 0.5 };
  for (let round = 0; round < 20; round += 1) {
    await model.detect(frame);
    await model.detect(frame, [part]);
  }
}

model.start();
await warmUp();
detection.start();
say({});
await answerEach(async ({ time = false }: { time?: boolean }): Promise<WatchFacts> => {
  const facts = { pid: process.pid, decoders: decoders(), pictures, looks, dropped, lookMs, alerts };
  return { ...facts, gateMs: time ? gateMs() : Number.NaN };
});
