import { MemoryPool } from '../rtp/memory-pool.ts';
import { usualPictureBytes } from '../rtp/picture-buffer.ts';
import { PieceMemory } from '../rtp/piece-memory.ts';
import { slabBytes } from './rtsp-reader.ts';

/** As many cameras as hang on one switch: so many connections may end at once and leave their memory to the next. */
const usualKept = 32;

/** The large pieces of memory each connection needs, for all connections of one house: 70 MiB at most lie unused. */
export class ConnectionMemory {
  /** What connections read into. */
  readonly slabs = new MemoryPool(slabBytes, usualKept);
  /** What pictures are put together in. */
  readonly pictures = new MemoryPool(usualPictureBytes, usualKept);
  /** What pictures are handed out in. */
  readonly pieces = new PieceMemory();
}
