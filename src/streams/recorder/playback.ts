import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/app-error.ts';
import type { Log } from '../../shared/log.ts';
import type { HubViewer, ViewerSink } from '../hub/hub-viewer.ts';
import type { Codec } from '../rtp/nal.ts';
import { TranscodersBusyError } from '../transcode/transcoder-slots.ts';
import { H264Output, type PlaybackTranscoding } from './h264-output.ts';
import { ticksPerSecond } from './mp4-track.ts';
import { BareOutput, FlvOutput, type PlaybackOutput } from './playback-output.ts';
import { type OnPlaybackEnd, PlaybackViewer } from './playback-viewer.ts';
import { picturesFrom, type RecordingShelf, type StoredPicture } from './stored-pictures.ts';

export interface PlaybackRequest {
  readonly camera: string;
  readonly from: Date;
  /** 0.5 to 8; above 4 key pictures only, which no player fails to decode in time. */
  readonly speed: number;
}

/** `h264` turns what was recorded in H.265 into H.264; `bare` is annex B without times. */
export type PlaybackForm = 'flv' | 'h264' | 'bare';

/** Something recorded that may be played. */
export interface FoundRecording {
  /** Of its first picture. */
  readonly codec: Codec;
  /** Throws what `open` would now: PlaybackBusyError, TranscodersBusyError. */
  admit(form: PlaybackForm): void;
  /** From the key picture before `from` on; ends with `closed` at the end of what is recorded. */
  open(form: PlaybackForm, sink: ViewerSink, onEnd: OnPlaybackEnd): HubViewer;
}

/** More than so many play at once: each reads the disk that cameras are recorded to. */
export class PlaybackBusyError extends AppError {
  readonly code = 'PLAYBACK_BUSY';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 10;

  constructor() {
    super('As many recordings are played as may be at once.');
  }
}

export interface PlaybackOptions {
  readonly shelf: RecordingShelf;
  readonly transcoding: PlaybackTranscoding;
  readonly log: Log;
  /** A player that has taken nothing for so long is gone, milliseconds; a minute. */
  readonly blockedLimitMs?: number | undefined;
}

/** Ahead of its time by so much, so that a player has something to begin with. */
const leadMs = 500;
const usualBlockedLimitMs = 60_000;
const maxViewers = 32;
const keysOnlyAbove = 4;

interface WantedPlayback {
  readonly request: PlaybackRequest;
  readonly form: PlaybackForm;
  /** Of the first picture. */
  readonly codec: Codec;
}

/** Recorded pictures to viewers, as if they were live: at their pace, never faster than the viewer takes them. */
export class Playback {
  readonly #options: PlaybackOptions;
  readonly #viewers = new Map<PlaybackViewer, PlaybackOutput>();
  #ending: Promise<unknown> = Promise.resolve();

  constructor(options: PlaybackOptions) {
    this.#options = options;
  }

  /** Undefined when nothing is recorded from then on. */
  async find(request: PlaybackRequest): Promise<FoundRecording | undefined> {
    const recording = await this.#options.shelf.recordingFrom(request.camera, request.from);
    if (!recording) return undefined;
    const codec = recording.codec === 'h265' ? 'h265' : 'h264';
    return {
      codec,
      admit: (form) => this.#admit(form, codec),
      open: (form, sink, onEnd) => this.#open({ request, form, codec }, sink, onEnd),
    };
  }

  /** Safe to call twice; viewers are ended, no process is left. */
  async close(): Promise<void> {
    for (const viewer of this.#viewers.keys()) viewer.close('closed');
    await this.#ending;
  }

  #admit(form: PlaybackForm, codec: Codec): void {
    if (this.#viewers.size >= maxViewers) throw new PlaybackBusyError();
    const { slots } = this.#options.transcoding;
    if (form === 'h264' && codec === 'h265' && !slots.free) throw new TranscodersBusyError(slots.limit);
  }

  #open(wanted: WantedPlayback, sink: ViewerSink, onEnd: OnPlaybackEnd): HubViewer {
    this.#admit(wanted.form, wanted.codec);
    const left: OnPlaybackEnd = (ended, reason) => {
      this.#ending = Promise.all([this.#ending, this.#viewers.get(viewer)?.close()]);
      this.#viewers.delete(viewer);
      onEnd(ended, reason);
    };
    const viewer = new PlaybackViewer(sink, left, this.#options.blockedLimitMs ?? usualBlockedLimitMs);
    const output = this.#outputFor(viewer, wanted);
    this.#viewers.set(viewer, output);
    void this.#play(viewer, output, wanted.request);
    return viewer;
  }

  #outputFor(viewer: PlaybackViewer, { form, codec, request }: WantedPlayback): PlaybackOutput {
    const { speed } = request;
    if (form === 'bare') return new BareOutput(viewer);
    if (form === 'flv') return new FlvOutput(viewer, speed);
    const output = new H264Output({ ...this.#options.transcoding, viewer, speed });
    if (codec === 'h265') output.reserve();
    return output;
  }

  /** Its first picture comes later than its caller has it: a viewer may be closed before anything was read. */
  async #play(viewer: PlaybackViewer, output: PlaybackOutput, { camera, from, speed }: PlaybackRequest): Promise<void> {
    const { signal } = viewer;
    try {
      const pictures = picturesFrom(this.#options.shelf, { camera, from, keysOnly: speed > keysOnlyAbove, signal });
      await paced(output, pictures, { speed, signal });
      await output.finish();
    } catch (err) {
      if (!signal.aborted) this.#options.log.warn({ err, camera }, 'playback failed');
    }
    viewer.close('closed');
  }
}

interface Pace {
  readonly speed: number;
  readonly signal: AbortSignal;
}

async function paced(
  output: PlaybackOutput,
  pictures: AsyncIterable<StoredPicture>,
  { speed, signal }: Pace,
): Promise<void> {
  let startedMs = performance.now();
  for await (const picture of pictures) {
    const playMs = (picture.decodeTicks * 1_000) / ticksPerSecond / speed;
    const askedMs = performance.now();
    await output.room();
    startedMs += performance.now() - askedMs;
    const aheadMs = startedMs + playMs - leadMs - performance.now();
    if (aheadMs > 0) await sleep(aheadMs, undefined, { signal });
    if (signal.aborted) return;
    output.show(picture);
  }
}
