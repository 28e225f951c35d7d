import { amfMessage } from '../flv/amf.ts';
import { FlvMuxer } from '../flv/flv-muxer.ts';
import { flvTag, tagType } from '../flv/flv-tag.ts';
import { type AccessUnit, toAnnexB } from '../rtp/nal.ts';
import { ticksPerSecond } from './mp4-track.ts';
import type { PlaybackViewer } from './playback-viewer.ts';
import type { StoredPicture } from './stored-pictures.ts';

/** What a viewer is given of recorded pictures. */
export interface PlaybackOutput {
  /** Resolves when there is room for a picture, or when the viewer has ended. */
  room(): Promise<void>;
  show(picture: StoredPicture): void;
  /** What is under way goes out still. */
  finish(): Promise<void>;
  /** Safe to call twice; no process is left. */
  close(): Promise<void>;
}

/** A picture with its place in what is played. */
interface PlayedPicture {
  readonly unit: AccessUnit;
  readonly at: Date | undefined;
  readonly playMs: number;
}

/** FLV; before each key picture goes a script tag with its time of day: a wall shows when it was, also after a gap. */
export class FlvOutput implements PlaybackOutput {
  readonly #viewer: PlaybackViewer;
  readonly #speed: number;
  readonly #muxer = new FlvMuxer();

  constructor(viewer: PlaybackViewer, speed: number) {
    this.#viewer = viewer;
    this.#speed = speed;
  }

  async room(): Promise<void> {
    await this.#viewer.room();
  }

  show({ unit, at, decodeTicks, shownTicks }: StoredPicture): void {
    const timestamp = Math.round(shownTicks / this.#speed) >>> 0;
    const playMs = (decodeTicks * 1_000) / ticksPerSecond / this.#speed;
    this.send({ unit: { ...unit, timestamp }, at, playMs });
  }

  /** `playMs` is any clock that rises with the pictures. */
  send({ unit, at, playMs }: PlayedPicture): void {
    const viewer = this.#viewer;
    if (viewer.ended) return;
    const picture = this.#muxer.mux(unit, playMs);
    if (!viewer.begun) viewer.begin(this.#muxer.preamble());
    if (unit.key && at) viewer.tell(recordingTag(picture.decodeMs, at, this.#speed));
    viewer.offer(picture, performance.now());
  }

  async finish(): Promise<void> {
    // Every picture went out when it was shown.
  }

  async close(): Promise<void> {
    // Nothing runs for it.
  }
}

function recordingTag(decodeMs: number, at: Date, speed: number): Buffer {
  return flvTag(tagType.data, decodeMs, [amfMessage('onRecording', { at: at.toISOString(), speed })]);
}

const noConfig = Buffer.alloc(0);

/** The bare pictures (annex B), for a player that does not know H.265 in FLV. */
export class BareOutput implements PlaybackOutput {
  readonly #viewer: PlaybackViewer;

  constructor(viewer: PlaybackViewer) {
    this.#viewer = viewer;
  }

  async room(): Promise<void> {
    await this.#viewer.room();
  }

  show({ unit }: StoredPicture): void {
    const picture = { data: toAnnexB(unit), key: unit.key, decodeMs: 0, config: noConfig };
    this.#viewer.offer(picture, performance.now());
  }

  async finish(): Promise<void> {
    // Every picture went out when it was shown.
  }

  async close(): Promise<void> {
    // Nothing runs for it.
  }
}
