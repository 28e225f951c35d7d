import type { Recording } from '../../store/recordings-repository.ts';
import type { OpenSegment } from './open-segment.ts';
import type { Disk, DiskFile } from './recording-disk.ts';
import type { RecordingIndex } from './recording-index.ts';

/** Bytes that wait for the disk, of all cameras together. */
export interface WaitingBytes {
  bytes: number;
}

export interface SegmentWriterOptions {
  readonly disk: Disk;
  readonly index: RecordingIndex;
  readonly waiting: WaitingBytes;
  /** The file is whole and closed. */
  readonly finished: (recording: Recording) => void;
  /** The file was given up; what it holds until there stays. */
  readonly failed: (error: unknown) => void;
}

type Reached = Pick<Recording, 'endedAt' | 'holes'>;

/** One file on its way to the disk: bytes in, in order, and one end. Nothing here ever throws at the camera. */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #segment: OpenSegment;
  #recording: Recording;
  #file: DiskFile | undefined;
  #chain: Promise<void> = Promise.resolve();
  #waitingBytes = 0;
  #broken = false;

  constructor(options: SegmentWriterOptions, recording: Recording, segment: OpenSegment) {
    this.#options = options;
    this.#recording = recording;
    this.#segment = segment;
    this.#enqueue(segment.head, (head) => this.#begin(head));
  }

  /** Bytes of this file that wait for the disk. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  append(data: Buffer | undefined): void {
    if (!data) return;
    const { endedAt, holes } = this.#segment;
    this.#enqueue(data, () => this.#append(data, { endedAt, holes }));
  }

  /** Resolves when the file is closed, well or not. */
  finish(): Promise<void> {
    const { endedAt, holes } = this.#segment;
    this.#enqueue(Buffer.alloc(0), () => this.#finish({ endedAt, holes }));
    return this.#chain;
  }

  async #begin(head: Buffer): Promise<void> {
    const { disk, index } = this.#options;
    this.#file = await disk.create(this.#recording.file);
    await this.#file.write(head, 0);
    const recording = { ...this.#recording, bytes: head.length };
    await index.begin(recording);
    this.#recording = recording;
  }

  async #append(data: Buffer, reached: Reached): Promise<void> {
    const { bytes } = this.#recording;
    await this.#file?.write(data, bytes);
    this.#note({ ...reached, bytes: bytes + data.length });
  }

  /**
   * What is written survives the end of the process at once. Only here, once a file, it is forced to the platter: after
   * a power cut a camera may miss what the kernel had not written back by itself (30 s as Debian has it). Forcing every
   * fragment would cost a disk of spinning platters more than its cameras do.
   */
  async #finish(reached: Reached): Promise<void> {
    await this.#file?.sync();
    await this.#file?.close();
    this.#file = undefined;
    this.#note({ ...reached, open: false });
    this.#options.finished(this.#recording);
  }

  #enqueue(data: Buffer, work: (data: Buffer) => Promise<void>): void {
    this.#count(data.length);
    this.#chain = this.#chain.then(async () => {
      try {
        if (!this.#broken) await work(data);
      } catch (error) {
        await this.#giveUp(error);
      } finally {
        this.#count(-data.length);
      }
    });
  }

  #count(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#options.waiting.bytes += bytes;
  }

  /** What is not whole is cut off; a file that holds no picture goes. */
  async #giveUp(error: unknown): Promise<void> {
    this.#broken = true;
    const { file, bytes } = this.#recording;
    const { disk, failed } = this.#options;
    await this.#file?.close().catch(() => undefined);
    await (bytes > 0 ? disk.cut(file, bytes) : disk.remove(file)).catch(() => undefined);
    if (bytes > 0) this.#note({ open: false });
    failed(error);
  }

  #note(change: Partial<Recording>): void {
    this.#recording = { ...this.#recording, ...change };
    const { id, open, endedAt, bytes, holes } = this.#recording;
    this.#options.index.note({ id, open, endedAt, bytes, holes });
  }
}
