import type { CameraFrame } from '../../src/alerts/detection/model.ts';
import { endChild, spawnChild } from '../../src/shared/child.ts';
import { PictureMemory } from '../../src/streams/frames/picture-memory.ts';
import { type YuvPicture, YuvReader } from '../../src/streams/frames/yuv-reader.ts';

/** Every so manieth picture of a clip, from the given one on. */
export interface Beat {
  readonly step: number;
  readonly from: number;
}

export interface Clip {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly picturesPerSecond: number;
}

export interface ClipPicture extends CameraFrame {
  /** Its number in the clip, from 0. */
  readonly picture: number;
}

/** As the frame sampler decodes it, one picture after the other, in the clip's own size. Needs ffmpeg on PATH. */
export async function* clipPictures(clip: Clip, { step, from }: Beat): AsyncGenerator<ClipPicture> {
  const { path, picturesPerSecond } = clip;
  const select = `select='gte(n\\,${from})*not(mod(n-${from}\\,${step}))'`;
  const scale = 'scale=out_range=tv:out_color_matrix=bt601';
  const child = spawnChild('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-threads', '1', '-i', path, '-vf', `${select},${scale}`],
    ...['-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p', '-c:v', 'pgmyuv', '-f', 'image2pipe', 'pipe:1'],
  ]);
  const decoded: YuvPicture[] = [];
  const reader = new YuvReader((one) => decoded.push(one), new PictureMemory());
  let picture = from;
  try {
    for await (const chunk of child.stdout ?? []) {
      reader.push(chunk);
      for (let one = decoded.shift(); one; one = decoded.shift()) {
        yield { camera: path, at: new Date((picture * 1_000) / picturesPerSecond), ...one, picture };
        picture += step;
      }
    }
  } finally {
    await endChild(child, 1_000);
  }
}
