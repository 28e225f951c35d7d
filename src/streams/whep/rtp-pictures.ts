import type { FlvPiece } from './flv-pictures.ts';
import { h264Payloads } from './h264-payloads.ts';

/** One RTP packet to be: the peer adds its own payload type and source. */
export interface VideoPacket {
  /** 16 bit, wraps. */
  readonly sequence: number;
  /** Ticks at 90 kHz, 32 bit, wraps. */
  readonly timestamp: number;
  /** The last of its picture. */
  readonly marker: boolean;
  readonly payload: Buffer;
}

type Picture = Extract<FlvPiece, { kind: 'picture' }>;
/** A picture with the parameter sets it is decoded with. */
type Held = Picture & { readonly sets: readonly Buffer[] };

const ticksPerMs = 90;
const maxHeldBytes = 4 * 1024 * 1024;

/**
 * From pictures to RTP packets. Until `flow` is called the newest group of pictures is held; then it goes out with times
 * one millisecond apart up to the newest, so that the browser decodes its way to the present at once and shows no past.
 */
export class RtpPictures {
  readonly #send: (packet: VideoPacket) => void;
  #sets: readonly Buffer[] = [];
  #held: Held[] = [];
  #heldBytes = 0;
  #flows = false;
  #waitsForKey = true;
  #sequence = 0;

  constructor(send: (packet: VideoPacket) => void) {
    this.#send = send;
  }

  take(piece: FlvPiece): void {
    if (piece.kind === 'foreign') return;
    if (piece.kind === 'sets') this.#sets = piece.sets;
    else if (this.#flows) this.#picture({ ...piece, sets: this.#sets }, piece.decodeMs);
    else this.#hold({ ...piece, sets: this.#sets });
  }

  /** The receiver is there: what is held goes out, and what comes from now on at once. */
  flow(): void {
    this.#flows = true;
    const held = this.#held;
    const newestMs = held.at(-1)?.decodeMs ?? 0;
    for (const [index, picture] of held.entries()) this.#picture(picture, newestMs - (held.length - 1 - index));
    this.#held = [];
  }

  #hold(picture: Held): void {
    if (picture.key) {
      this.#held = [];
      this.#heldBytes = 0;
    } else if (this.#held.length === 0) return;
    this.#heldBytes += picture.nals.reduce((sum, { length }) => sum + length, 0);
    if (this.#heldBytes > maxHeldBytes) this.#held = [];
    else this.#held.push(picture);
  }

  #picture({ key, nals, sets }: Held, shownMs: number): void {
    if (this.#waitsForKey && !key) return;
    this.#waitsForKey = false;
    const payloads = h264Payloads(nals, key ? sets : []);
    const timestamp = (shownMs * ticksPerMs) >>> 0;
    for (const [index, payload] of payloads.entries()) {
      this.#send({ sequence: this.#sequence, timestamp, marker: index === payloads.length - 1, payload });
      this.#sequence = (this.#sequence + 1) & 0xffff;
    }
  }
}
