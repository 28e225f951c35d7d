import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { spawnChild } from '../../src/shared/child.ts';
import { height, width } from './perspective.ts';
import { framesPerSecond, type Scene } from './scene.ts';

/** A key frame every second, none of the B-frames that WebRTC cannot carry, one slice a frame: what a modest camera sends. */
const coders: Record<Scene['codec'], readonly string[]> = {
  h264: [
    ...['-c:v', 'libx264', '-preset', 'slower', '-crf', '31', '-profile:v', 'high', '-bf', '0'],
    ...['-g', `${framesPerSecond}`, '-keyint_min', `${framesPerSecond}`, '-sc_threshold', '0'],
    ...['-x264-params', 'slices=1:open-gop=0'],
  ],
  h265: [
    ...['-c:v', 'libx265', '-preset', 'slower', '-crf', '33', '-tag:v', 'hvc1', '-x265-params'],
    `keyint=${framesPerSecond}:min-keyint=${framesPerSecond}:scenecut=0:open-gop=0:bframes=0:slices=1:log-level=error`,
  ],
};

interface Recording {
  readonly codec: Scene['codec'];
  readonly ffmpeg: string;
  readonly path: string;
  readonly crf?: number;
}

/** Writes RGBA frames of 1280 × 720 as an MP4. Rejects with what ffmpeg said when it fails. */
export async function encode(frames: Readable, { codec, ffmpeg, path, crf }: Recording): Promise<void> {
  const child = spawnChild(ffmpeg, [
    ...['-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${width}x${height}`],
    ...['-r', `${framesPerSecond}`, '-i', 'pipe:0', '-an', '-pix_fmt', 'yuv420p', ...coders[codec]],
    ...(crf === undefined ? [] : ['-crf', `${crf}`]),
    ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-movflags', '+faststart', path],
  ]);
  if (!child.stdin || !child.stderr) throw new Error('ffmpeg has no pipes');
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const gone = once(child, 'exit');
  await pipeline(frames, child.stdin).catch(() => {});
  const [code] = await gone;
  if (code !== 0) throw new Error(`ffmpeg could not write ${path}: ${said.join('').trim()}`);
}
