import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../../shared/app-error.ts';
import { endChild, spawnChild } from '../../../shared/child.ts';
import { markSize } from './review-mark.ts';

/** The copy of a clip could not be made. */
export class ReviewClipError extends AppError {
  readonly code = 'EVIDENCE_COPY';

  constructor(said: string) {
    super(`ffmpeg could not make the review copy: ${said.slice(-500)}`);
  }
}

export interface ReviewClipOptions {
  readonly ffmpegPath: string;
  /** PNG. */
  readonly mark: Buffer;
  readonly signal: AbortSignal;
}

const limits = { memoryBytes: 2 * 1024 ** 3, cpuSeconds: 7_200 };

/** The clip with the mark burnt into every picture, H.264 whatever it was, as it is encoded. */
export function reviewClip(clip: Readable, { ffmpegPath, mark, signal }: ReviewClipOptions): Readable {
  const output = new PassThrough();
  run(clip, output, { ffmpegPath, mark, signal }).catch((error: Error) => output.destroy(error));
  return output;
}

async function run(
  clip: Readable,
  output: PassThrough,
  { ffmpegPath, mark, signal }: ReviewClipOptions,
): Promise<void> {
  const child = spawnChild(ffmpegPath, argumentsOf(), { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], limits });
  const { stdin, stdout, stderr } = child;
  const marking = child.stdio[3];
  if (!stdin || !stdout || !stderr || !marking || !('end' in marking)) throw new ReviewClipError('it has no pipes');
  let said = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
  });
  // Whatever it does not want to read any more, its end tells whether that was a fault.
  for (const input of [stdin, marking]) input.on('error', () => undefined);
  const gone = once(child, 'exit', { signal });
  marking.end(mark);
  const feeding = pipeline(clip, stdin, { signal }).catch((error: Error) => {
    child.kill('SIGKILL');
    said += error.message;
  });
  try {
    await pipeline(stdout, output, { signal, end: false });
    const [code] = await gone;
    await feeding;
    if (code !== 0) throw new ReviewClipError(said.trim());
    output.end();
  } finally {
    clip.destroy();
    gone.catch(() => undefined);
    await endChild(child, 500);
  }
}

function argumentsOf(): string[] {
  const widest = `scale=w='min(${markSize.width},iw)':h=-2`;
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '2'],
    ...['-f', 'mp4', '-i', 'pipe:0', '-f', 'png_pipe', '-i', 'pipe:3'],
    ...['-filter_complex', `[0:v]${widest}[v];[v][1:v]overlay=0:0[o]`, '-map', '[o]', '-map', '0:a?', '-c:a', 'copy'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '27', '-pix_fmt', 'yuv420p', '-threads', '2'],
    ...['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1'],
  ];
}
