import type { Log } from '../../shared/log.ts';
import { readAacConfig } from '../rtp/aac-config.ts';
import type { AudioFrame, SoundFormat, SoundOffer } from '../rtp/audio-frame.ts';
import { transcodedSound } from './g711-child.ts';
import { SoundTranscoder } from './sound-transcoder.ts';

/** How a camera's sound stands. */
export interface SoundFacts {
  /** `aac`, `pcma`, `pcmu`, or what the camera calls it. */
  readonly codec: string;
  /** Whether those who want it hear it. */
  readonly played: boolean;
  /** Why not, and what to do. */
  readonly message?: string;
}

/** AAC that will come. */
export interface AnnouncedSound {
  /** AudioSpecificConfig. */
  readonly config: Buffer;
  readonly channels: number;
  /** The camera codes it otherwise: it comes only while somebody listens. */
  readonly transcoded?: boolean;
}

/** Where AAC goes. */
export interface SoundOutput {
  /** Undefined: there is no sound that can be played. */
  announceSound(sound: AnnouncedSound | undefined): void;
  /** `arrivedMs` is when its first sample came, by `performance.now()`. */
  publishSound(frame: AudioFrame, arrivedMs: number): void;
}

export interface CameraSoundOptions {
  readonly output: SoundOutput;
  readonly ffmpegPath: string;
  readonly log: Log;
}

const failingMessage = 'The sound cannot be transcoded now: ffmpeg ends again and again.';

/** The sound of one camera's stream: AAC is handed on, G.711 transcoded while somebody listens, all else left out. */
export class CameraSound {
  readonly #options: CameraSoundOptions;
  #offer: SoundOffer | undefined;
  #transcoder: SoundTranscoder | undefined;
  #listened = false;
  #ending: Promise<unknown> = Promise.resolve();

  constructor(options: CameraSoundOptions) {
    this.#options = options;
  }

  /** Undefined for a camera that has none, as far as is known. */
  get facts(): SoundFacts | undefined {
    const offer = this.#offer;
    if (!offer) return undefined;
    if (offer.codec === 'other') return { codec: offer.name, played: false, message: notPlayed(offer.name) };
    if (!playable(offer))
      return { codec: offer.codec, played: false, message: 'The camera does not say how its AAC is coded.' };
    if (this.#transcoder?.failing) return { codec: offer.codec, played: false, message: failingMessage };
    return { codec: offer.codec, played: true };
  }

  /** What the camera says of its sound now; undefined when it has none. */
  offer(offer: SoundOffer | undefined): void {
    if (!sameFormat(this.#offer, offer)) this.#endTranscoder();
    this.#offer = offer;
    this.#options.output.announceSound(offer && playable(offer));
    this.#follow();
  }

  /** The next piece of sound, as it came. */
  take(frame: AudioFrame): void {
    if (!sameFormat(this.#offer, frame)) this.offer(formatOf(frame));
    const now = performance.now();
    if (frame.codec === 'aac') this.#options.output.publishSound(frame, now);
    else this.#transcoder?.push(frame, now);
  }

  /** Whether anybody wants to hear it. */
  listened(listened: boolean): void {
    this.#listened = listened;
    this.#follow();
  }

  /** Safe to call twice; once it resolves no process is left. */
  async close(): Promise<void> {
    this.#listened = false;
    this.#endTranscoder();
    await this.#ending;
  }

  #follow(): void {
    const offer = this.#offer;
    const wanted = this.#listened && (offer?.codec === 'pcma' || offer?.codec === 'pcmu');
    if (!wanted) {
      this.#endTranscoder();
      return;
    }
    const { ffmpegPath, log, output } = this.#options;
    const onFrame = (frame: AudioFrame, arrivedMs: number) => output.publishSound(frame, arrivedMs);
    this.#transcoder ??= new SoundTranscoder({ ffmpegPath, format: offer, log, onFrame });
    this.#transcoder.start();
  }

  #endTranscoder(): void {
    if (this.#transcoder) this.#ending = Promise.all([this.#ending, this.#transcoder.stop()]);
    this.#transcoder = undefined;
  }
}

function notPlayed(name: string): string {
  return `The sound is ${name}, which is not played; set the camera's audio to AAC or G.711.`;
}

/** What viewers are told; undefined for sound that cannot be played. */
function playable(offer: SoundOffer): AnnouncedSound | undefined {
  if (offer.codec === 'other') return undefined;
  if (offer.codec !== 'aac') return { ...transcodedSound, transcoded: true };
  const { config, channels } = offer;
  return config && readAacConfig(config) ? { config, channels } : undefined;
}

function formatOf({ codec, clockRate, channels, config }: AudioFrame): SoundFormat {
  return { codec, clockRate, channels, ...(config && { config }) };
}

function sameFormat(a: SoundOffer | undefined, b: SoundOffer | undefined): boolean {
  if (!a || !b || a.codec === 'other' || b.codec === 'other') return false;
  const same = a.codec === b.codec && a.clockRate === b.clockRate && a.channels === b.channels;
  return same && (a.config === b.config || (a.config !== undefined && b.config?.equals(a.config) === true));
}
