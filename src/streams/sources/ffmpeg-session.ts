import type { ChildProcess } from 'node:child_process';
import { endChild, spawnChild } from '../../shared/child.ts';
import { FlvReader } from '../flv/flv-reader.ts';
import { StreamFailure } from '../stream-failure.ts';
import { complaintFailure } from './ffmpeg-complaint.ts';
import { type FfmpegInput, type FfmpegPlan, ffmpegArguments } from './ffmpeg-plan.ts';
import { MpegtsReader } from './mpegts-reader.ts';
import type { PictureFlow } from './picture-flow.ts';

export interface FfmpegRunOptions {
  readonly ffmpegPath: string;
  readonly input: FfmpegInput;
  readonly plan: FfmpegPlan;
  readonly flow: PictureFlow;
  readonly signal: AbortSignal;
}

/** ffmpeg ended: what it complained about, and what that means. */
export interface FfmpegEnd {
  readonly complaint: string;
  readonly failure: StreamFailure;
}

/** Copying takes 270 MB of address space and 55 MB of memory; a source that makes ffmpeg take more is hostile (F12). */
const limits = { memoryBytes: 512 * 1024 * 1024, cpuSeconds: 6 * 3_600 };
const maxComplaintBytes = 4_096;

/**
 * One ffmpeg that copies a source to us until it ends or the signal aborts (undefined then); no process is left. Throws what
 * the flow fails with.
 */
export async function runFfmpeg(options: FfmpegRunOptions): Promise<FfmpegEnd | undefined> {
  const { ffmpegPath, input, plan, flow, signal } = options;
  const child = spawnChild(ffmpegPath, ffmpegArguments(input, plan), { limits });
  const stopped = Promise.withResolvers<undefined>();
  const onAbort = () => stopped.resolve(undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    child.stdin?.on('error', () => undefined).end(input.kind === 'url' ? input.script : '');
    readPictures(child, plan, flow);
    return await Promise.race([ended(child, flow), stopped.promise, flow.failed]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    child.stdout?.destroy();
    await endChild(child);
  }
}

function readPictures(child: ChildProcess, { container }: FfmpegPlan, flow: PictureFlow): void {
  const reader = container === 'flv' ? new FlvReader(flow) : new MpegtsReader(flow.picture.bind(flow));
  child.stdout?.on('data', (chunk: Buffer) =>
    flow.attempt(() => {
      flow.heard();
      reader.push(chunk);
    }),
  );
}

function ended(child: ChildProcess, flow: PictureFlow): Promise<FfmpegEnd> {
  let complaint = '';
  const { promise, resolve } = Promise.withResolvers<FfmpegEnd>();
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-maxComplaintBytes);
  });
  child.on('error', () => resolve({ complaint, failure: new StreamFailure('lost', 'ffmpeg could not be started.') }));
  child.on('close', () => resolve({ complaint, failure: complaintFailure(complaint, flow.pictures > 0) }));
  return promise;
}
