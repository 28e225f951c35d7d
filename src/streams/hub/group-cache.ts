import type { FlvPicture } from '../flv/flv-muxer.ts';
import type { FlvSound } from '../flv/sound-muxer.ts';
import type { PicturePiece } from '../rtp/picture-piece.ts';

/** A picture and the sound that came with it. */
export interface GroupItem {
  readonly picture: FlvPicture;
  readonly sound: readonly FlvSound[];
}

/** Of a longer group nothing is kept: who comes then starts with the next key picture. 4K at 16 Mbit/s fills it in 3 s. */
const maxBytes = 6 * 1024 * 1024;

/** The pictures since the last key picture, with their sound: what somebody who comes now must see first. */
export class GroupCache {
  #items: { readonly picture: FlvPicture; sound: FlvSound[] }[] = [];
  /** The memory of these pictures, where they lie in pieces of their own. */
  #pieces: PicturePiece[] = [];
  #bytes = 0;

  /** Empty before the first key picture, and while the group is too large. */
  get items(): readonly GroupItem[] {
    return this.#items;
  }

  /** `piece` is the memory of the picture, when it has one. */
  add(picture: FlvPicture, piece?: PicturePiece): void {
    if (picture.key) this.clear();
    else if (this.#items.length === 0) return;
    this.#items.push({ picture, sound: [] });
    if (piece) this.#pieces.push(piece);
    this.#count(picture.data.length);
  }

  addSound(sound: FlvSound): void {
    const last = this.#items.at(-1);
    if (!last) return;
    last.sound.push(sound);
    this.#count(sound.data.length);
  }

  /** Replaces all sound by what is due before each picture. */
  resound(soundBefore: (decodeMs: number) => FlvSound[]): void {
    for (const item of this.#items) item.sound = soundBefore(item.picture.decodeMs);
  }

  clear(): void {
    this.#items = [];
    this.#pieces = [];
    this.#bytes = 0;
  }

  /** Nobody but this cache has any of it: other pictures may be written there. */
  letGo(): void {
    for (const piece of this.#pieces) piece.letGo();
    this.clear();
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > maxBytes) this.clear();
  }
}
