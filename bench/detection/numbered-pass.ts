import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { endChild, spawnChild } from '../../src/shared/child.ts';

const walk = fileURLToPath(new URL('../../demo/clips/pedestrian.mp4', import.meta.url));
const [width, height] = [1_280, 720];
const stripHeight = 48;
/** Nine bits and their opposites: a picture that was read wrongly is known to be. */
const bits = 9;
const blocks = bits * 2;
const fps = 15;
export const passSeconds = 20;
const pictures = fps * passSeconds;

/** The part of the picture's height that the number takes. */
export const stripShare = stripHeight / height;

/** The demo's walker on the hard shoulder, with the number of each picture in black and white blocks along its upper edge. */
export async function makeNumberedPass(directory: string): Promise<string> {
  const path = join(directory, 'numbered-pass.mp4');
  const strips = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${stripHeight}`, '-r', `${fps}`, '-i', '-'];
  const picture = ['-filter_complex', `[0:v]fps=${fps}[walk];[walk][1:v]overlay=0:0:shortest=1`, '-pix_fmt', 'yuv420p'];
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-crf', '23', '-g', `${fps}`];
  const words = ['-hide_banner', '-loglevel', 'error', '-y', '-i', walk, ...strips, ...picture, ...codec];
  const child = spawnChild('ffmpeg', [...words, '-sc_threshold', '0', path], { stdio: ['pipe', 'ignore', 'inherit'] });
  try {
    for (let number = 0; number < pictures; number += 1) {
      if (child.stdin?.write(stripOf(number)) === false) await once(child.stdin, 'drain');
    }
    child.stdin?.end();
    await once(child, 'close', { signal: AbortSignal.timeout(120_000) });
  } finally {
    await endChild(child, 1_000);
  }
  return path;
}

function stripOf(number: number): Buffer {
  const row = Buffer.alloc(width);
  for (let block = 0; block < blocks; block += 1) {
    const bit = (number >> (bits - 1 - (block % bits))) & 1;
    const light = (block < bits ? bit : 1 - bit) === 1 ? 235 : 16;
    row.fill(light, Math.round((block * width) / blocks), Math.round(((block + 1) * width) / blocks));
  }
  return Buffer.concat(Array.from({ length: stripHeight }, () => row));
}

/** The number in a picture of the clip, whatever its size; undefined when it cannot be read. */
export async function numberIn(jpeg: Uint8Array): Promise<number | undefined> {
  const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
  const y = Math.round((info.height * stripShare) / 2);
  const lights = Array.from({ length: blocks }, (_, block) => {
    const x = Math.round(((block + 0.5) * info.width) / blocks);
    return (data[(y * info.width + x) * info.channels] ?? 0) > 125 ? 1 : 0;
  });
  const [value, opposite] = [lights.slice(0, bits), lights.slice(bits)];
  const isRead = value.every((bit, index) => bit !== opposite[index]);
  return isRead ? value.reduce<number>((sum, bit) => sum * 2 + bit, 0) : undefined;
}
