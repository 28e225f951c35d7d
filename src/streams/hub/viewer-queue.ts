export interface QueueLimits {
  readonly maxBytes: number;
  /** How long the oldest piece may wait, milliseconds. */
  readonly maxWaitMs: number;
}

export const queueLimits: QueueLimits = { maxBytes: 2 * 1024 * 1024, maxWaitMs: 3_000 };

/** Bytes for a viewer; `message` is the same as one WebSocket message, when somebody made it already. */
export interface ViewerPiece {
  readonly data: Buffer;
  readonly message?: Buffer;
}

/** Sound is decoded with its `config`, which goes out before the first piece that has another one. */
export interface QueuedSound extends ViewerPiece {
  readonly config: Buffer;
}

export interface QueuedPicture extends QueuedSound {
  readonly key: boolean;
}

interface Waiting {
  readonly piece: ViewerPiece;
  readonly since: number;
  /** The hub holds it anyway, for the next one who comes. */
  readonly kept: boolean;
  readonly isPicture?: boolean;
}

/** The config of a viewer of whom it is not known which one it has. */
const unknown = Buffer.alloc(0);

/**
 * What one viewer has not taken yet: views of tags that all share, never copies. When it grows too long or too old it is
 * emptied, and goes on with the next key picture (T19).
 */
export class ViewerQueue {
  readonly #limits: QueueLimits;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #waitsForKey = true;
  #pictureConfig: Buffer | undefined;
  #soundConfig: Buffer | undefined;
  #dropped = 0;

  constructor(limits: QueueLimits = queueLimits) {
    this.#limits = limits;
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  /** What it holds, but for the group of pictures it began with. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Pictures this viewer did not get because it is too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  /** `kept` pieces are held by the hub anyway, and do not count: a group may be larger than what a viewer may fall behind. */
  push(picture: QueuedPicture, now: number, kept = false): void {
    if (!kept) this.#makeRoom(picture.data.length, now);
    if (this.#waitsForKey && !picture.key) {
      if (this.#pictureConfig) this.#dropped += 1;
      return;
    }
    this.#waitsForKey = false;
    const { config } = picture;
    if (config !== this.#pictureConfig && config.length > 0) this.#add({ piece: { data: config }, since: now, kept });
    this.#pictureConfig = config;
    this.#add({ piece: picture, since: now, kept, isPicture: true });
  }

  /** Sound without its picture is of no use: after a drop it waits for the key picture too. */
  pushSound(sound: QueuedSound, now: number, kept = false): void {
    if (!kept) this.#makeRoom(sound.data.length, now);
    if (this.#waitsForKey) return;
    const { config } = sound;
    if (config !== this.#soundConfig) this.#add({ piece: { data: config }, since: now, kept });
    this.#soundConfig = config;
    this.#add({ piece: sound, since: now, kept });
  }

  /** A player shows nothing before it knows how the sound it was promised is coded. */
  promise(soundConfig: Buffer, now: number): void {
    this.#soundConfig = soundConfig;
    this.#add({ piece: { data: soundConfig }, since: now, kept: true });
  }

  shift(): ViewerPiece | undefined {
    const next = this.#waiting.shift();
    if (next && !next.kept) this.#bytes -= next.piece.data.length;
    return next?.piece;
  }

  #makeRoom(bytes: number, now: number): void {
    const oldest = this.#waiting[0];
    const late = oldest !== undefined && now - oldest.since > this.#limits.maxWaitMs;
    if (late || this.#bytes + bytes > this.#limits.maxBytes) this.#overflow();
  }

  #add(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (!waiting.kept) this.#bytes += waiting.piece.data.length;
  }

  /** Whether the sequence headers got out is not known any more: they are sent again. */
  #overflow(): void {
    this.#dropped += this.#waiting.filter(({ isPicture }) => isPicture).length;
    this.#waiting.length = 0;
    this.#bytes = 0;
    this.#waitsForKey = true;
    this.#pictureConfig = unknown;
    this.#soundConfig = unknown;
  }
}
