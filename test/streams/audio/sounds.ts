import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { makeClip, run, unfinishedPath } from '../clips.ts';

/** Options of ffmpeg's AAC encoder: what is asked of a sound. */
export interface SoundOptions {
  readonly rate?: number;
  readonly channels?: 1 | 2;
  /** Of both: the picture is then without B pictures. */
  readonly seconds?: number;
}

/** The path of a clip with a tone as its AAC track; made once per machine. */
export async function makeClipWithSound({
  rate = 48_000,
  channels = 2,
  seconds = 2,
}: SoundOptions = {}): Promise<string> {
  const silent = await makeClip({ size: '320x240', slices: 1, seconds });
  const path = silent.replace(/\.mp4$/, `-aac-${rate}-${channels}.mp4`);
  if (existsSync(path)) return path;
  const unfinished = unfinishedPath(path);
  const tone = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=${rate}:duration=${seconds}`];
  const coded = ['-c:v', 'copy', '-c:a', 'aac', '-b:a', '64k', '-ac', String(channels), '-shortest'];
  await run('ffmpeg', ['-loglevel', 'error', '-y', '-i', silent, ...tone, ...coded, unfinished]);
  await rename(unfinished, path);
  return path;
}

/** The encoder begins with as much silence, and no camera has a place to say so. */
const primingSeconds = 1_024 / 48_000;

/** The path of a clip that flashes white and beeps for the first tenth of each second; made once per machine. */
export async function makeFlashingClip(seconds: number): Promise<string> {
  const path = (await makeClip({ size: '320x240', slices: 1 })).replace(/[^/]*$/, `flash-with-beep-${seconds}.mp4`);
  if (existsSync(path)) return path;
  const unfinished = unfinishedPath(path);
  const black = `color=black:size=320x240:rate=25:duration=${seconds}`;
  const flash = "drawbox=color=white:thickness=fill:enable='lt(mod(t,1),0.099)'";
  const beep = `aevalsrc='0.5*sin(6283*t)*lt(mod(t+${primingSeconds},1),0.1)':sample_rate=48000:duration=${seconds}`;
  const coded = ['-c:v', 'libx264', '-g', '25', '-bf', '0', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '64k'];
  const inputs = ['-f', 'lavfi', '-i', `${black},${flash}`, '-f', 'lavfi', '-i', beep];
  await run('ffmpeg', ['-loglevel', 'error', '-y', ...inputs, ...coded, unfinished]);
  await rename(unfinished, path);
  return path;
}
