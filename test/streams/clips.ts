import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

export interface ClipOptions {
  readonly codec?: 'h264' | 'h265';
  readonly size?: string;
  readonly fps?: number;
  readonly seconds?: number;
  readonly gop?: number;
  readonly slices?: number;
  readonly bFrames?: number;
}

const folder = join(tmpdir(), 'tianliang-test-clips');

/** Where a clip is made that others may be making at this moment. */
export const unfinishedPath = (path: string): string => `${path}.${randomUUID()}.mp4`;

/** The path of a clip made by the real ffmpeg; made once per machine. */
export async function makeClip(options: ClipOptions = {}): Promise<string> {
  const { codec = 'h264', size = '1280x720', fps = 25, seconds = 2, gop = 25, slices = 2, bFrames = 0 } = options;
  const name = [codec, size, fps, seconds, gop, slices, bFrames].join('-');
  const path = join(folder, `${name}.mp4`);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  const common = `keyint=${gop}:min-keyint=${gop}:scenecut=0:slices=${slices}:bframes=${bFrames}`;
  const encoder =
    codec === 'h264'
      ? ['-c:v', 'libx264', '-preset', 'veryfast', '-x264-params', common]
      : ['-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1', '-x265-params', `${common}:log-level=error`];
  const unfinished = unfinishedPath(path);
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}`, '-t', String(seconds)];
  await run('ffmpeg', [
    '-loglevel',
    'error',
    '-y',
    ...picture,
    '-pix_fmt',
    'yuv420p',
    ...encoder,
    '-b:v',
    '1M',
    unfinished,
  ]);
  await rename(unfinished, path);
  return path;
}
