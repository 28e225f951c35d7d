import type { CameraFrame } from '../../src/alerts/detection/model.ts';
import { endChild, spawnChild } from '../../src/shared/child.ts';

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

/** RGB as the frame sampler decodes it, one picture after the other, in the clip's own size. Needs ffmpeg on PATH. */
export async function* clipPictures(clip: Clip, { step, from }: Beat): AsyncGenerator<ClipPicture> {
  const { path, width, height, picturesPerSecond } = clip;
  const select = `select='gte(n\\,${from})*not(mod(n-${from}\\,${step}))'`;
  const child = spawnChild('ffmpeg', [
    ...['-v', 'error', '-nostdin', '-threads', '1', '-i', path, '-vf', select],
    ...['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
  ]);
  const size = width * height * 3;
  let rest = Buffer.alloc(0);
  let picture = from;
  try {
    for await (const chunk of child.stdout ?? []) {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= size) {
        const rgb = new Uint8Array(rest.subarray(0, size));
        rest = rest.subarray(size);
        yield { camera: path, at: new Date((picture * 1_000) / picturesPerSecond), width, height, rgb, picture };
        picture += step;
      }
    }
  } finally {
    await endChild(child, 1_000);
  }
}
