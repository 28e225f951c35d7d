import type { RecordingHole } from '../../store/recordings-repository.ts';
import type { AnnouncedSound } from '../audio/camera-sound.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import type { AudioFrame } from '../rtp/audio-frame.ts';
import { readVideoFormat } from '../rtp/video-format.ts';
import { fragmentBytes, fragmentedHead, type Sample, withLengths } from './fmp4-writer.ts';
import { ticksPerSecond } from './mp4-track.ts';
import { type PictureTime, PictureTimes } from './picture-times.ts';
import { fragmentMs, type GapReason, maxFragmentBytes } from './recording-facts.ts';
import { type SegmentSound, segmentSound } from './segment-sound.ts';

/** A shorter pause between two pictures is no hole; a much shorter one is, when pictures are known to be lost. */
const holeTicks = { offline: 2 * ticksPerSecond, loss: ticksPerSecond / 5 } as const;
/** A camera that loses packets all day must not make its row grow for ever; the newest are kept. */
const maxHoles = 200;
const usualFps = 25;
/** A file may be stretched by so much to end where the next one starts. */
const maxStretchMs = 1_000;

type Waiting = Omit<Sample, 'durationTicks'> & PictureTime;

/** The file being written, from its first key picture on: turns pictures into fragments. No disk in here. */
export class OpenSegment {
  readonly startedAt: Date;
  /** The same moment by the monotonic clock. */
  readonly startedMs: number;
  readonly first: ArrivedUnit['unit'];
  /** What the file begins with. */
  readonly head: Buffer;
  readonly #times: PictureTimes;
  readonly #sound: SegmentSound | undefined;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #waitingSinceMs = 0;
  #sequence = 0;
  #lastTicks: number | undefined;
  #lastMs: number;
  #intervalTicks: number;
  #stretchedTo: Date | undefined;
  #holes: readonly RecordingHole[] = [];

  /** `nowMs` is any monotonic clock. Throws CodecError when the parameter sets are refused. */
  constructor({ unit, at }: ArrivedUnit, nowMs: number, sound?: AnnouncedSound) {
    const format = readVideoFormat(unit.codec, unit.parameters.sps);
    this.startedAt = at;
    this.startedMs = nowMs;
    this.first = unit;
    this.#sound = segmentSound(sound);
    const facts = { sets: unit.parameters, format, startedAt: at, durationTicks: 0 };
    this.head = fragmentedHead(facts, this.#sound?.config);
    this.#times = new PictureTimes({ ticks: unit.timestamp, arrivedMs: nowMs, reorder: format.reorder });
    this.#intervalTicks = Math.round(ticksPerSecond / (format.fps ?? usualFps));
    this.#lastMs = nowMs;
  }

  /** When its last picture ends, by the center's clock. */
  get endedAt(): Date {
    return this.#stretchedTo ?? this.#at(this.#endTicks);
  }

  /** Where pictures are missing within. */
  get holes(): readonly RecordingHole[] {
    return this.#holes;
  }

  /** When the last picture came, by the monotonic clock. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** Whether the camera's clock goes on from the last picture to this one. */
  follows({ unit }: ArrivedUnit, nowMs: number): boolean {
    return this.#times.follows(unit.timestamp, nowMs);
  }

  /** Takes a picture; gives the fragment before it when that has waited long enough. */
  add({ unit }: ArrivedUnit, nowMs: number): Buffer | undefined {
    const time = this.#times.next(unit.timestamp, nowMs);
    this.#note(time.decodeTicks, unit.afterLoss);
    const due = nowMs - this.#waitingSinceMs >= fragmentMs || this.#waitingBytes >= maxFragmentBytes;
    const done = due ? this.#write(time.decodeTicks) : undefined;
    if (this.#waiting.length === 0) this.#waitingSinceMs = nowMs;
    const data = withLengths(unit.nals);
    this.#waiting.push({ data, key: unit.key, ...time });
    this.#waitingBytes += data.length;
    this.#lastTicks = time.decodeTicks;
    this.#lastMs = nowMs;
    const { capturedAt } = unit;
    const [decodeMs, shownMs] = [msOf(time.decodeTicks), msOf(time.decodeTicks + time.offsetTicks)];
    this.#sound?.follow({ decodeMs, shownMs, arrivedMs: nowMs, capturedAt });
    return done;
  }

  /** Takes AAC; `arrivedMs` is when its first sample came, by the same clock as that of the pictures. */
  hear(frame: AudioFrame, arrivedMs: number): void {
    this.#sound?.take(frame, arrivedMs);
  }

  /** Whether it is written with such sound. */
  speaks({ config }: AnnouncedSound): boolean {
    return this.#sound?.config.equals(config) ?? segmentSound({ config, channels: 1 }) === undefined;
  }

  /** What waits, when it has waited long enough: a camera of few pictures is not to lose more than another. */
  flush(nowMs: number): Buffer | undefined {
    return nowMs - this.#waitingSinceMs >= fragmentMs ? this.#write(this.#endTicks) : undefined;
  }

  /** All that waits. `next` is when the file starts that follows directly. */
  end(next?: Date): Buffer | undefined {
    const stretchMs = next ? next.getTime() - this.#at(this.#endTicks).getTime() : Number.NaN;
    if (Math.abs(stretchMs) <= maxStretchMs) this.#stretchedTo = next;
    return this.#write(this.#endTicks);
  }

  get #endTicks(): number {
    return (this.#lastTicks ?? 0) + this.#intervalTicks;
  }

  #at(ticks: number): Date {
    return new Date(this.startedAt.getTime() + Math.round(msOf(ticks)));
  }

  #note(decodeTicks: number, afterLoss: boolean): void {
    if (this.#lastTicks === undefined) return;
    const reason: GapReason = afterLoss ? 'loss' : 'offline';
    if (decodeTicks - this.#endTicks > holeTicks[reason]) {
      const hole = { from: this.#at(this.#endTicks), to: this.#at(decodeTicks), reason };
      this.#holes = [...this.#holes.slice(1 - maxHoles), hole];
      return;
    }
    this.#intervalTicks += Math.round((decodeTicks - this.#lastTicks - this.#intervalTicks) / 8);
  }

  /** The last picture is shown until `untilTicks`. */
  #write(untilTicks: number): Buffer | undefined {
    const [first] = this.#waiting;
    if (!first) return undefined;
    const samples = this.#waiting.map((picture, index) => {
      const next = this.#waiting[index + 1]?.decodeTicks ?? untilTicks;
      return { ...picture, durationTicks: Math.max(1, next - picture.decodeTicks) };
    });
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#sequence += 1;
    const sound = this.#sound?.drain();
    return fragmentBytes({ sequence: this.#sequence, decodeTicks: first.decodeTicks, samples, sound });
  }
}

const msOf = (ticks: number) => (ticks * 1_000) / ticksPerSecond;
