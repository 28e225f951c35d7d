import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/app-error.ts';
import type { Log } from '../../shared/log.ts';
import { amfMessage } from '../flv/amf.ts';
import { FlvMuxer } from '../flv/flv-muxer.ts';
import { flvTag, tagType } from '../flv/flv-tag.ts';
import { HubViewer, type ViewerEnd, type ViewerSink } from '../hub/hub-viewer.ts';
import { ticksPerSecond } from './mp4-track.ts';
import { picturesFrom, type RecordingShelf, type StoredPicture } from './stored-pictures.ts';

export interface PlaybackRequest {
  readonly camera: string;
  readonly from: Date;
  /** 0.5 to 8; above 4 key pictures only, which no player fails to decode in time. */
  readonly speed: number;
}

export type OnPlaybackEnd = (viewer: HubViewer, reason: ViewerEnd) => void;

/** More than so many play at once: each reads the disk that cameras are recorded to. */
export class PlaybackBusyError extends AppError {
  readonly code = 'PLAYBACK_BUSY';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 10;

  constructor() {
    super('As many recordings are played as may be at once.');
  }
}

/** Ahead of its time by so much, so that a player has something to begin with. */
const leadMs = 500;
/** A player that has taken nothing for so long is gone. */
const blockedLimitMs = 60_000;
const maxViewers = 32;
const keysOnlyAbove = 4;

/** Recorded pictures to viewers, as if they were live: at their pace, never faster than the viewer takes them. */
export class Playback {
  readonly #shelf: RecordingShelf;
  readonly #log: Log;
  readonly #viewers = new Set<PlaybackViewer>();

  constructor(shelf: RecordingShelf, log: Log) {
    this.#shelf = shelf;
    this.#log = log;
  }

  /** Whether anything is recorded from then on. */
  async has({ camera, from }: PlaybackRequest): Promise<boolean> {
    return (await this.#shelf.recordingFrom(camera, from)) !== undefined;
  }

  /** FLV from the key picture before `from` on; ends with `closed` at the end of what is recorded. Throws PlaybackBusyError. */
  open(request: PlaybackRequest, sink: ViewerSink, onEnd: OnPlaybackEnd = () => {}): HubViewer {
    if (this.#viewers.size >= maxViewers) throw new PlaybackBusyError();
    const viewer = new PlaybackViewer(sink, (ended, reason) => {
      this.#viewers.delete(viewer);
      onEnd(ended, reason);
    });
    this.#viewers.add(viewer);
    void this.#play(viewer, request);
    return viewer;
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.close('closed');
  }

  /** Its first picture comes later than its caller has it: a viewer may be closed before anything was read. */
  async #play(viewer: PlaybackViewer, { camera, from, speed }: PlaybackRequest): Promise<void> {
    const { signal } = viewer;
    try {
      const pictures = picturesFrom(this.#shelf, { camera, from, keysOnly: speed > keysOnlyAbove, signal });
      await paced(viewer, pictures, speed);
    } catch (err) {
      if (!signal.aborted) this.#log.warn({ err, camera }, 'playback failed');
    }
    viewer.close('closed');
  }
}

async function paced(viewer: PlaybackViewer, pictures: AsyncIterable<StoredPicture>, speed: number): Promise<void> {
  const muxer = new FlvMuxer();
  const { signal } = viewer;
  let startedMs = performance.now();
  for await (const picture of pictures) {
    const playMs = (picture.decodeTicks * 1_000) / ticksPerSecond / speed;
    startedMs += await viewer.room();
    const aheadMs = startedMs + playMs - leadMs - performance.now();
    if (aheadMs > 0) await sleep(aheadMs, undefined, { signal });
    if (viewer.ended) return;
    viewer.show(muxer, picture, speed);
  }
}

/** A viewer that is waited for instead of dropping pictures. */
class PlaybackViewer extends HubViewer {
  readonly #ending = new AbortController();
  readonly #flow: Flow;
  readonly #write: (data: Buffer) => boolean;

  constructor(sink: ViewerSink, onEnd: OnPlaybackEnd) {
    const flow = new Flow();
    const write = (data: Buffer, message?: Buffer) => flow.note(sink.write(data, message));
    const end = (reason: ViewerEnd) => {
      this.#ending.abort();
      flow.open();
      sink.end(reason);
    };
    super({ write, end }, onEnd);
    this.#flow = flow;
    this.#write = write;
  }

  /** Aborts when it ends. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  override drained(): void {
    this.#flow.open();
    super.drained();
  }

  /** Resolves with how long it took, milliseconds; a viewer that takes nothing for a minute is closed. */
  async room(): Promise<number> {
    const since = performance.now();
    const late = setTimeout(() => this.close('blocked'), blockedLimitMs);
    await this.#flow.opened;
    clearTimeout(late);
    return performance.now() - since;
  }

  /** Before each key picture goes a script tag that tells its time of day: a wall shows when it was, also after a gap. */
  show(muxer: FlvMuxer, { unit, at, decodeTicks, shownTicks }: StoredPicture, speed: number): void {
    const timestamp = Math.round(shownTicks / speed) >>> 0;
    const picture = muxer.mux({ ...unit, timestamp }, (decodeTicks * 1_000) / ticksPerSecond / speed);
    if (!this.begun) this.begin(muxer.preamble());
    if (unit.key) this.#tell(picture.decodeMs, { at: at.toISOString(), speed });
    this.offer(picture, performance.now());
  }

  #tell(decodeMs: number, facts: Readonly<Record<string, string | number>>): void {
    this.#write(flvTag(tagType.data, decodeMs, [amfMessage('onRecording', facts)]));
  }
}

/** Whether the other end takes more. */
class Flow {
  #gate = Promise.withResolvers<void>();
  #isOpen = true;

  constructor() {
    this.#gate.resolve();
  }

  get opened(): Promise<void> {
    return this.#gate.promise;
  }

  note(takesMore: boolean): boolean {
    if (!takesMore && this.#isOpen) {
      this.#isOpen = false;
      this.#gate = Promise.withResolvers();
    }
    return takesMore;
  }

  open(): void {
    this.#isOpen = true;
    this.#gate.resolve();
  }
}
