/** Where the picture stands: the newest one on the timeline, and when it came. */
export interface PictureMark {
  readonly decodeMs: number;
  readonly shownMs: number;
  /** Of a monotonic clock, milliseconds. */
  readonly arrivedMs: number;
  readonly capturedAt?: Date | undefined;
}

/** A piece of sound that wants its place. */
export interface SoundPiece {
  /** 32 bit, wraps. */
  readonly timestamp: number;
  readonly clockRate: number;
  readonly durationMs: number;
  /** When its first sample reached us, of the same monotonic clock. */
  readonly arrivedMs: number;
  readonly capturedAt?: Date | undefined;
}

/** Sound and picture of one camera are never further apart: a sender report that says so is wrong. */
const maxSkewMs = 400;
/** How far off its place sound may drift before it is moved: heard by nobody. By arrival one cannot tell better. */
const toleranceMs = { captured: 40, arrived: 150 } as const;
/** The picture stands still: sound must not run ahead of it. Of transcoded pictures it is ahead by what that takes. */
const maxAheadMs = 1_000;
/** Sound this late is taken for silence: a player that waits for it would show no picture. */
const maxLagMs = 600;
/** No group of pictures that is kept is longer; a gap that is lasts too long to be filled. */
const maxFillMs = 30_000;
const maxStepMs = 2_000;

/**
 * Gives sound its place on the picture's timeline. It never moves the picture: what does not fit is left out, and where
 * nothing comes silence is due. Times are milliseconds.
 */
export class SoundLane {
  #mark: PictureMark | undefined;
  #timestamp: number | undefined;
  #unwrappedMs = 0;
  #shiftMs = 0;
  #errorMs = 0;
  #endMs: number | undefined;
  #silent = true;

  /** Begins at `ms`, or with the next picture: silence is due from there on, until sound comes. */
  begin(ms: number | undefined): void {
    this.#endMs = ms;
    this.#silent = true;
    this.#timestamp = undefined;
  }

  /** The camera's clocks start over. */
  realign(): void {
    this.#timestamp = undefined;
    this.#mark = undefined;
  }

  /** The picture went on. */
  follow(mark: PictureMark): void {
    this.#mark = mark;
  }

  /** Where frames of silence of `durationMs` are due, for pictures up to `ms`; none while sound comes. */
  silence(ms: number, durationMs: number): number[] {
    const end = this.#endMs ?? ms;
    this.#silent ||= ms - end > maxLagMs;
    this.#endMs = ms - end > maxFillMs ? ms - durationMs : end;
    const due: number[] = [];
    while (this.#silent && this.#endMs + durationMs <= ms) {
      due.push(Math.round(this.#endMs));
      this.#endMs += durationMs;
    }
    return due;
  }

  /** The place of a piece; undefined when there is none for it. */
  place(piece: SoundPiece): number | undefined {
    if (!this.#mark) return undefined;
    const ms = this.#placeOf(piece, this.#mark);
    const { decodeMs } = this.#mark;
    const end = this.#endMs ?? decodeMs;
    if (ms > decodeMs + maxAheadMs || ms < decodeMs - maxLagMs) return undefined;
    this.#silent = false;
    if (ms < end - piece.durationMs / 2) return undefined;
    this.#endMs = Math.max(ms, end) + piece.durationMs;
    return Math.round(Math.max(ms, end));
  }

  #placeOf(piece: SoundPiece, mark: PictureMark): number {
    const step = this.#step(piece);
    this.#timestamp = piece.timestamp;
    const { ms: expected, tolerance } = expectedPlace(piece, mark);
    const error = expected - this.#unwrappedMs - (step ?? 0) - this.#shiftMs;
    if (step === undefined || Math.abs(error) > maxSkewMs) {
      this.#unwrappedMs = 0;
      this.#shiftMs = expected;
      this.#errorMs = 0;
      return expected;
    }
    this.#unwrappedMs += step;
    this.#errorMs += (error - this.#errorMs) / 8;
    if (Math.abs(this.#errorMs) > tolerance) {
      this.#shiftMs += this.#errorMs;
      this.#errorMs = 0;
    }
    return this.#unwrappedMs + this.#shiftMs;
  }

  /** Since the last piece; undefined when the clock jumped. */
  #step({ timestamp, clockRate }: SoundPiece): number | undefined {
    if (this.#timestamp === undefined) return undefined;
    const step = (((timestamp - this.#timestamp) | 0) * 1_000) / clockRate;
    return Math.abs(step) > maxStepMs ? undefined : step;
  }
}

/** By the camera's own clock when it tells it for both, else by arrival. */
function expectedPlace(piece: SoundPiece, mark: PictureMark): { ms: number; tolerance: number } {
  const byArrival = mark.shownMs + piece.arrivedMs - mark.arrivedMs;
  if (piece.capturedAt && mark.capturedAt) {
    const byCapture = mark.shownMs + piece.capturedAt.getTime() - mark.capturedAt.getTime();
    if (Math.abs(byCapture - byArrival) <= maxSkewMs) return { ms: byCapture, tolerance: toleranceMs.captured };
  }
  return { ms: byArrival, tolerance: toleranceMs.arrived };
}
