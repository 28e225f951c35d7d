import type { AudioFrame } from '../rtp/audio-frame.ts';
import type { AnnouncedSound, SoundOutput } from './camera-sound.ts';

/** Lets sound through that the camera itself codes as AAC; what comes only while others listen would come and go. */
export class AacOnly implements SoundOutput {
  readonly #output: SoundOutput;
  #passes = false;

  constructor(output: SoundOutput) {
    this.#output = output;
  }

  announceSound(sound: AnnouncedSound | undefined): void {
    this.#passes = sound !== undefined && sound.transcoded !== true;
    this.#output.announceSound(this.#passes ? sound : undefined);
  }

  publishSound(frame: AudioFrame, arrivedMs: number): void {
    if (this.#passes) this.#output.publishSound(frame, arrivedMs);
  }
}
