import { once } from 'node:events';
import { join } from 'node:path';
import { endChild, spawnChild } from '../../src/shared/child.ts';

const [width, height] = [640, 360];
const [blocks, rowHeight] = [16, 0.25];
/** As many as eight bits tell apart: at 25 pictures a second a loop of 10.24 s. */
export const numberedPictures = 256;

const tone = {
  input: ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
  output: ['-c:a', 'aac', '-b:a', '64k', '-shortest'],
};

/**
 * A clip whose every picture carries its number as 16 black and white blocks, eight bits and their opposites, over a
 * moving pattern, with a tone beside it; a key picture each second, no B pictures.
 */
export async function makeNumberedClip(directory: string, codec: 'h264' | 'h265' = 'h264'): Promise<string> {
  const path = join(directory, `numbered-${codec}.mp4`);
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-r', '25', '-i', '-'];
  const encoder =
    codec === 'h264'
      ? ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25', '-sc_threshold', '0']
      : [
          '-c:v',
          'libx265',
          '-preset',
          'ultrafast',
          '-tag:v',
          'hvc1',
          '-x265-params',
          'keyint=25:bframes=0:log-level=1',
        ];
  const words = [
    '-hide_banner',
    '-loglevel',
    'error',
    '-y',
    ...raw,
    ...tone.input,
    ...encoder,
    '-pix_fmt',
    'yuv420p',
    ...tone.output,
    path,
  ];
  const child = spawnChild('ffmpeg', words, { stdio: ['pipe', 'ignore', 'inherit'] });
  try {
    for (let number = 0; number < numberedPictures; number += 1) {
      if (child.stdin?.write(pictureOf(number)) === false) await once(child.stdin, 'drain');
    }
    child.stdin?.end();
    await once(child, 'close', { signal: AbortSignal.timeout(60_000) });
  } finally {
    await endChild(child, 1_000);
  }
  return path;
}

function pictureOf(number: number): Buffer {
  const picture = Buffer.alloc(width * height, 0x60);
  for (let block = 0; block < blocks; block += 1) {
    const half = blocks / 2;
    const bit = (number >> (half - 1 - (block % half))) & 1;
    const light = (block < half ? bit : 1 - bit) === 1 ? 235 : 16;
    fill(picture, { x: (block * width) / blocks, y: 0, w: width / blocks, h: height * rowHeight }, light);
  }
  fill(picture, { x: (number * 7) % (width - 60), y: 200, w: 60, h: 60 }, 200);
  return picture;
}

function fill(picture: Buffer, { x, y, w, h }: { x: number; y: number; w: number; h: number }, light: number): void {
  for (let row = y; row < y + h; row += 1) picture.fill(light, row * width + x, row * width + x + w);
}
