/** A moment of the sound that goes in. */
export interface SampleMark {
  /** Samples that went in before it. */
  readonly sample: number;
  /** Ticks, 32 bit; a tick is a sample. */
  readonly timestamp: number;
  /** Of a monotonic clock, milliseconds. */
  readonly arrivedMs: number;
  readonly capturedAt: Date | undefined;
}

/** Some seconds of packets; of what comes out later than that nobody knows when it went in. */
const maxMarks = 512;

/** Which moment a sample that comes out of a coder went into it. */
export class SampleMarks {
  readonly #rate: number;
  readonly #marks: SampleMark[] = [];

  /** `rate` is samples a second. */
  constructor(rate: number) {
    this.#rate = rate;
  }

  note(mark: SampleMark): void {
    this.#marks.push(mark);
    if (this.#marks.length > maxMarks) this.#marks.shift();
  }

  /** The moment of `sample`; marks before it are forgotten. Undefined when it is not known. */
  at(sample: number): Omit<SampleMark, 'sample'> | undefined {
    while ((this.#marks[1]?.sample ?? Number.POSITIVE_INFINITY) <= sample) this.#marks.shift();
    const mark = this.#marks[0];
    if (!mark || mark.sample > sample) return undefined;
    const ms = ((sample - mark.sample) * 1_000) / this.#rate;
    return {
      timestamp: (mark.timestamp + Math.round(sample - mark.sample)) >>> 0,
      arrivedMs: mark.arrivedMs + ms,
      capturedAt: mark.capturedAt && new Date(mark.capturedAt.getTime() + Math.round(ms)),
    };
  }
}
