import { AppError } from '../../shared/app-error.ts';

/** What the child that takes RTMP pushes says. */
export const frameKinds = ['alive', 'listening', 'failed', 'began', 'tag', 'lost', 'ended', 'refused'] as const;
export type FrameKind = (typeof frameKinds)[number];

/** One message of the child: about one camera, or about all when `camera` is empty. */
export interface RelayFrame {
  readonly kind: FrameKind;
  readonly camera: string;
  /** A tag for `tag` (type, timestamp, body); JSON or nothing for the others. */
  readonly payload: Buffer;
}

/** The bytes from the child make no sense: it is not to be trusted any more. */
export class RelayFrameError extends AppError {
  readonly code = 'RTMP_RELAY_FRAME';
}

export const maxFrameBytes: number = 8 * 1024 * 1024 + 256;
const headBytes = 6;
const noPayload = Buffer.alloc(0);

/** Length of all that follows (32 bit), kind, length of the camera's id, the id, the payload. */
export function encodeFrame(kind: FrameKind, camera = '', payload: readonly Buffer[] = []): Buffer {
  const id = Buffer.from(camera);
  const head = Buffer.alloc(headBytes);
  const size = payload.reduce((sum, { length }) => sum + length, 2 + id.length);
  head.writeUInt32BE(size, 0);
  head.writeUInt8(frameKinds.indexOf(kind), 4);
  head.writeUInt8(id.length, 5);
  return Buffer.concat([head, id, ...payload]);
}

/** Cuts the child's bytes into frames, holding one at most. `push` throws RelayFrameError, then the reader is of no more use. */
export class RelayFrameReader {
  readonly #take: (frame: RelayFrame) => void;
  #wanted = Buffer.alloc(4);
  #filled = 0;
  #inFrame = false;

  constructor(take: (frame: RelayFrame) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const copied = chunk.copy(this.#wanted, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled === this.#wanted.length) this.#complete(this.#wanted);
    }
  }

  #complete(bytes: Buffer): void {
    this.#filled = 0;
    this.#inFrame = !this.#inFrame;
    if (this.#inFrame) {
      this.#wanted = Buffer.allocUnsafe(frameSize(bytes));
      return;
    }
    this.#wanted = Buffer.alloc(4);
    this.#take(decodeFrame(bytes));
  }
}

function frameSize(head: Buffer): number {
  const size = head.readUInt32BE();
  if (size < 2 || size > maxFrameBytes) throw new RelayFrameError('the child sent a frame of an impossible size');
  return size;
}

function decodeFrame(bytes: Buffer): RelayFrame {
  const kind = frameKinds[bytes.readUInt8(0)];
  const payloadAt = 2 + bytes.readUInt8(1);
  if (!kind || payloadAt > bytes.length) throw new RelayFrameError('the child sent a frame that cannot be read');
  const payload = payloadAt === bytes.length ? noPayload : bytes.subarray(payloadAt);
  return { kind, camera: bytes.toString('utf8', 2, payloadAt), payload };
}
