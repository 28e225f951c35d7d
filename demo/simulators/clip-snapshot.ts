import { endChild, spawnChild } from '../../src/shared/child.ts';

/** Makes the JPEG of a clip's first picture when it is first asked for, with ffmpeg, and keeps it. */
export function clipSnapshot(clip: string): () => Promise<Uint8Array> {
  let made: Promise<Uint8Array> | undefined;
  return () => {
    made ??= firstPicture(clip);
    return made;
  };
}

async function firstPicture(clip: string): Promise<Uint8Array> {
  const output = ['-frames:v', '1', '-f', 'image2pipe', '-c:v', 'mjpeg', 'pipe:1'];
  const ffmpeg = spawnChild('ffmpeg', ['-v', 'error', '-i', clip, ...output], { stdio: ['ignore', 'pipe', 'ignore'] });
  const late = setTimeout(() => ffmpeg.kill('SIGKILL'), 10_000);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of ffmpeg.stdout ?? []) chunks.push(chunk);
  } finally {
    clearTimeout(late);
    await endChild(ffmpeg);
  }
  if (chunks.length === 0) throw new Error(`ffmpeg made no picture of ${clip}`);
  return Buffer.concat(chunks);
}
