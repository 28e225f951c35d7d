import type { Played, PlayersPage, Reading } from '../../bench/latency/page-contract.ts';
import { playFlv } from '../src/player/flv-session.ts';
import { playWhep } from '../src/player/whep-session.ts';
import { readNumber } from './read-number.ts';

const now = () => performance.timeOrigin + performance.now();

/** One player after another, each in a `<video>` of its own, so that none is told what another one showed. */
class Stage implements PlayersPage {
  readonly #context = new OffscreenCanvas(160, 90).getContext('2d', { willReadFrequently: true });
  #video = document.createElement('video');
  #readings: Reading[] = [];
  #ended: string | undefined;
  #askedAt = 0;
  #firstMs: number | undefined;
  #stop = () => {};

  async play(over: 'flv' | 'whep', url: string, options: { readonly hasAudio?: boolean } = {}): Promise<void> {
    this.stop();
    const video = this.#open();
    const onEnd = (cause: string) => {
      if (this.#video === video) this.#ended = cause;
    };
    this.#stop = await (over === 'whep' ? playWhep(video, url, { onEnd }) : playFlv(video, url, { onEnd, ...options }));
  }

  played(): Played {
    return {
      readings: this.#readings,
      firstMs: this.#firstMs,
      ended: this.#ended,
      width: this.#video.videoWidth,
      time: this.#video.currentTime,
      audioBytes: Number(Reflect.get(this.#video, 'webkitAudioDecodedByteCount') ?? 0),
    };
  }

  stop(): void {
    const stop = this.#stop;
    this.#stop = () => {};
    stop();
  }

  #open(): HTMLVideoElement {
    const video = document.createElement('video');
    Object.assign(video, { muted: true, autoplay: true, playsInline: true, width: 640, height: 360 });
    this.#video.remove();
    document.body.append(video);
    this.#video = video;
    [this.#readings, this.#ended, this.#firstMs, this.#askedAt] = [[], undefined, undefined, now()];
    this.#look(video);
    return video;
  }

  #look(video: HTMLVideoElement): void {
    video.requestVideoFrameCallback(() => {
      if (this.#video !== video) return;
      const at = now();
      this.#firstMs ??= at - this.#askedAt;
      this.#context?.drawImage(video, 0, 0, 160, 90);
      const pixels = this.#context?.getImageData(0, 0, 160, 90);
      const number = pixels && readNumber(pixels);
      if (number !== undefined) this.#readings.push({ number, at });
      this.#look(video);
    });
  }
}

Object.assign(globalThis, { players: new Stage() });
