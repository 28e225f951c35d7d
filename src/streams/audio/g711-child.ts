import type { ChildProcess } from 'node:child_process';
import { AppError } from '../../shared/app-error.ts';
import { endChild, spawnChild } from '../../shared/child.ts';
import { aacConfig } from '../rtp/aac-config.ts';
import type { AudioFrame, SoundFormat } from '../rtp/audio-frame.ts';
import { AdtsReader } from './adts-reader.ts';
import { SampleMarks } from './sample-marks.ts';

/** A transcoder of sound ended although it was still wanted. */
export class SoundTranscoderError extends AppError {
  readonly code = 'SOUND_TRANSCODER_FAILED';
}

export interface G711ChildOptions {
  readonly ffmpegPath: string;
  readonly format: SoundFormat;
  /** Takes AAC; `arrivedMs` is when what it was made of came. */
  readonly onFrame: (frame: AudioFrame, arrivedMs: number) => void;
}

const outRate = 16_000;
const outConfig = aacConfig(outRate, 1);
/** AAC at 8 kHz is not played everywhere; the telephone's band fits into this. */
export const transcodedSound = { config: outConfig ?? Buffer.alloc(0), channels: 1 } as const;
const frameSamples = 1_024;
/** The encoder begins with as much silence (ISO/IEC 14496-3: the overlap of its first block). */
const primingSamples = 1_024;
/** Four seconds at 8 kHz. */
const maxQueuedBytes = 32 * 1024;
const hangLimitMs = 10_000;

/** Raw G.711 in, AAC in ADTS out, at once; no file and no network is ever opened. */
export function soundArguments({ codec, clockRate, channels }: SoundFormat): string[] {
  const input = ['-f', codec === 'pcma' ? 'alaw' : 'mulaw', '-ar', String(clockRate), '-ac', String(channels)];
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-protocol_whitelist', 'pipe', '-threads', '1'],
    ...['-fflags', 'nobuffer', '-probesize', '32', '-analyzeduration', '0', ...input, '-i', 'pipe:0'],
    ...['-vn', '-c:a', 'aac', '-b:a', '32k', '-ar', String(outRate), '-ac', '1', '-threads', '1'],
    ...['-f', 'adts', '-flush_packets', '1', 'pipe:1'],
  ];
}

/** One ffmpeg that turns a camera's G.711 into AAC. */
export class G711Child {
  readonly #options: G711ChildOptions;
  readonly #child: ChildProcess;
  readonly #marks: SampleMarks;
  readonly #ended = Promise.withResolvers<SoundTranscoderError>();
  #samplesIn = 0;
  #framesOut = 0;
  #heardAt: number | undefined;
  #complaint = '';

  constructor(options: G711ChildOptions) {
    this.#options = options;
    this.#marks = new SampleMarks(options.format.clockRate);
    this.#child = spawnChild(options.ffmpegPath, soundArguments(options.format));
    this.#listen(new AdtsReader((frame) => this.#give(frame)));
  }

  /** Resolves with the reason when the process is gone or useless. */
  get ended(): Promise<SoundTranscoderError> {
    return this.#ended.promise;
  }

  push({ data, timestamp, capturedAt }: AudioFrame, now: number): void {
    const { stdin } = this.#child;
    if (!stdin?.writable) return;
    this.#heardAt ??= now;
    const stuck = stdin.writableLength > maxQueuedBytes || now - this.#heardAt > hangLimitMs;
    if (stuck) this.#ended.resolve(new SoundTranscoderError('ffmpeg takes no more sound'));
    if (stuck) return;
    const { clockRate, channels } = this.#options.format;
    const samples = data.length / channels;
    const arrivedMs = now - (samples * 1_000) / clockRate;
    this.#marks.note({ sample: this.#samplesIn, timestamp, arrivedMs, capturedAt });
    this.#samplesIn += samples;
    stdin.write(data);
  }

  /** Safe to call twice; once it resolves the process is gone. */
  async close(): Promise<void> {
    this.#child.stdin?.destroy();
    await endChild(this.#child, 1_000);
  }

  #give(data: Buffer): void {
    this.#heardAt = performance.now();
    const { clockRate } = this.#options.format;
    const sample = ((this.#framesOut * frameSamples - primingSamples) * clockRate) / outRate;
    this.#framesOut += 1;
    const moment = this.#marks.at(sample);
    if (!moment) return;
    const { timestamp, arrivedMs, capturedAt } = moment;
    const frame = { codec: 'aac', data, timestamp, clockRate, ...transcodedSound } as const;
    this.#options.onFrame(capturedAt ? { ...frame, capturedAt } : frame, arrivedMs);
  }

  #listen(reader: AdtsReader): void {
    const fail = (error: Error) =>
      this.#ended.resolve(new SoundTranscoderError(`${error.message}: ${this.#complaint}`, { cause: error }));
    this.#child.stdin?.on('error', fail);
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = chunk.toString('utf8').trim().slice(-300);
    });
    this.#child.stdout?.on('error', fail).on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        fail(error instanceof Error ? error : new Error('unreadable sound'));
      }
    });
    this.#child.on('error', fail).on('exit', (code, signal) => fail(new Error(`ffmpeg ended with ${signal ?? code}`)));
  }
}
