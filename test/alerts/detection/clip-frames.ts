import { fileURLToPath } from 'node:url';
import type { CameraFrame } from '../../../src/alerts/detection/model.ts';
import { spawnChild } from '../../../src/shared/child.ts';
import { PictureMemory } from '../../../src/streams/frames/picture-memory.ts';
import { type YuvPicture, YuvReader } from '../../../src/streams/frames/yuv-reader.ts';

export const demoClip = (name: string) => fileURLToPath(new URL(`../../../demo/clips/${name}.mp4`, import.meta.url));

interface Reading {
  readonly fps: number;
  readonly fromSeconds?: number;
  readonly seconds?: number;
}

export interface ClipFrame extends CameraFrame {
  /** Seconds into the clip. */
  readonly second: number;
}

/** Decodes a clip as the frame sampler does, at most 1280 wide. Needs ffmpeg on PATH. */
export async function* clipFrames(path: string, reading: Reading): AsyncGenerator<ClipFrame> {
  const { fps, fromSeconds = 0, seconds } = reading;
  const [width, height] = [1280, 720];
  const child = spawnChild('ffmpeg', [
    ...['-v', 'error', '-ss', `${fromSeconds}`, ...(seconds ? ['-t', `${seconds}`] : []), '-i', path],
    ...[
      '-vf',
      `fps=${fps},scale=${width}:-2,pad=${width}:${height}:0:(oh-ih)/2,scale=out_range=tv:out_color_matrix=bt601`,
    ],
    ...['-pix_fmt', 'yuv420p', '-c:v', 'pgmyuv', '-f', 'image2pipe', 'pipe:1'],
  ]);
  const decoded: YuvPicture[] = [];
  const reader = new YuvReader((picture) => decoded.push(picture), new PictureMemory());
  let index = 0;
  for await (const chunk of child.stdout ?? []) {
    reader.push(chunk);
    for (let picture = decoded.shift(); picture; picture = decoded.shift()) {
      const second = fromSeconds + index / fps;
      index += 1;
      yield { camera: path, at: new Date(second * 1_000), ...picture, second };
    }
  }
}
