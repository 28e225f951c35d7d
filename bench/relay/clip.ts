import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const clipBitrate = 2_000_000;
/** Pictures from one key picture to the next. */
export const keyInterval = 25;

/**
 * Four seconds of 1280×720 at 25 pictures and 2 Mbit/s a second, a key picture each second. Noise makes the bits real:
 * the demo's calm scenes would have to be filled up with padding, which our relay drops and others carry on.
 */
export async function makeClip(directory: string): Promise<string> {
  const path = join(directory, 'clip.mp4');
  const source = 'testsrc2=size=1280x720:rate=25,noise=alls=12:allf=t';
  const rate = [clipBitrate, clipBitrate, clipBitrate / 2].map(String);
  const input = ['-hide_banner', '-loglevel', 'error', '-f', 'lavfi', '-i', source, '-t', '4'];
  const codec = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-g',
    String(keyInterval),
    '-sc_threshold',
    '0',
  ];
  const bits = ['-b:v', rate[0] ?? '', '-maxrate', rate[1] ?? '', '-bufsize', rate[2] ?? ''];
  await promisify(execFile)('ffmpeg', [...input, ...codec, ...bits, path], { timeout: 60_000 });
  return path;
}
