import type { AudioFrame } from '../rtp/audio-frame.ts';
import type { AnnouncedSound, SoundOutput } from './camera-sound.ts';

/** One camera's sound for several outputs; who comes later is told at once what was announced. */
export class SoundShare implements SoundOutput {
  readonly #outputs = new Set<SoundOutput>();
  #announced: AnnouncedSound | undefined;

  /** Gives sound to `output` until the returned function is called. */
  add(output: SoundOutput): () => void {
    this.#outputs.add(output);
    output.announceSound(this.#announced);
    return () => this.#outputs.delete(output);
  }

  announceSound(sound: AnnouncedSound | undefined): void {
    this.#announced = sound;
    for (const output of this.#outputs) output.announceSound(sound);
  }

  publishSound(frame: AudioFrame, arrivedMs: number): void {
    for (const output of this.#outputs) output.publishSound(frame, arrivedMs);
  }
}
