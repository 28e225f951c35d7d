import { once } from 'node:events';
import { endChild, spawnChild } from '../../shared/child.ts';
import { type AccessUnit, toAnnexB } from '../rtp/nal.ts';

const timeoutMs = 5_000;
const maxJpegBytes = 4 * 1024 * 1024;
const widest = 1_920;

/** A key picture as JPEG, at most 1920 wide and 4 MiB, by one ffmpeg that has 5 s for it. */
export async function encodeJpeg(ffmpegPath: string, unit: AccessUnit): Promise<Buffer> {
  const format = unit.codec === 'h264' ? 'h264' : 'hevc';
  const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-protocol_whitelist', 'pipe'];
  const scale = ['-vf', `scale='min(${widest},iw)':-2`];
  const output = ['-frames:v', '1', '-pix_fmt', 'yuvj420p', '-q:v', '4', '-c:v', 'mjpeg', '-f', 'image2pipe', 'pipe:1'];
  const input = ['-threads', '1', '-f', format, '-i', 'pipe:0'];
  const child = spawnChild(ffmpegPath, [...quiet, ...input, ...scale, ...output]);
  const parts: Buffer[] = [];
  let bytes = 0;
  child.stdin?.on('error', () => undefined).end(toAnnexB(unit));
  child.stderr?.resume();
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxJpegBytes) parts.push(chunk);
  });
  try {
    await once(child, 'close', { signal: AbortSignal.timeout(timeoutMs) });
  } finally {
    child.on('error', () => undefined);
    await endChild(child, 1_000);
  }
  if (bytes === 0 || bytes > maxJpegBytes) throw new Error('ffmpeg gave no picture');
  return Buffer.concat(parts);
}
