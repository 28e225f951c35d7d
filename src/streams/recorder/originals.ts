import { Readable } from 'node:stream';
import type { Recording } from '../../store/recordings-repository.ts';
import { NothingRecordedError } from './nothing-recorded-error.ts';
import type { Disk, ReadableFile } from './recording-disk.ts';

/** A recorded file as it is on the disk. */
export interface Original {
  readonly recording: Recording;
  /** Its bytes, as many as were known; undefined when the file is gone. Once open, it may be deleted meanwhile. */
  open(): Promise<Readable | undefined>;
}

const pieceBytes = 256 * 1024;

export function originalOf(disk: Disk, recording: Recording): Original {
  return {
    recording,
    open: async () => {
      const file = await disk.open(recording.file).catch(unlessGone);
      return file && Readable.from(bytesOf(file, recording.bytes), { objectMode: false });
    },
  };
}

/** One that is still being written ends where it ended when it was asked for. */
async function* bytesOf(opened: ReadableFile, bytes: number): AsyncGenerator<Buffer, void, undefined> {
  await using file = opened;
  for (let offset = 0; offset < bytes; offset += pieceBytes) {
    const size = Math.min(pieceBytes, bytes - offset);
    const piece = await file.read(offset, size);
    if (piece.length < size) throw new NothingRecordedError();
    yield piece;
  }
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
