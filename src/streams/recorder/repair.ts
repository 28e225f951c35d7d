import { randomUUIDv7 } from 'node:crypto';
import { glob } from 'node:fs/promises';
import { sep } from 'node:path';
import type { Log } from '../../shared/log.ts';
import {
  deleteRecording,
  insertRecording,
  type Recording,
  recordingFiles,
  updateRecordings,
} from '../../store/recordings-repository.ts';
import type { Store } from '../../store/store.ts';
import { RecordingDamagedError, readSegment, type StoredSegment } from './fmp4-reader.ts';
import { ticksPerSecond } from './mp4-track.ts';
import type { Disk } from './recording-disk.ts';
import { parseSegmentFile, type SegmentName } from './segment-name.ts';

export interface RepairOptions {
  readonly store: Store;
  readonly disk: Disk;
  readonly root: string;
  readonly log: Log;
  /** Stops between two files. */
  readonly signal: AbortSignal;
}

/** Finishes what a crash left open: the file is cut after its last whole fragment, the row told what it holds. */
export async function repairUnfinished(options: RepairOptions, left: readonly Recording[]): Promise<void> {
  const { store, disk, log, signal } = options;
  for (const recording of left) {
    if (signal.aborted) return;
    try {
      await repairOne(store, disk, recording);
    } catch (err) {
      log.error({ err, camera: recording.camera, file: recording.file }, 'recording not repaired');
    }
  }
  if (left.length > 0) log.info({ files: left.length }, 'recordings of the last run finished');
}

async function repairOne(store: Store, disk: Disk, recording: Recording): Promise<void> {
  const segment = await readStored(disk, recording.file);
  if (segment === 'empty') {
    await disk.remove(recording.file);
    await deleteRecording(store.db, recording.id);
    return;
  }
  await disk.cut(recording.file, segment.intactBytes);
  const { id, startedAt, holes } = recording;
  const endedAt = endOf(startedAt, segment);
  await store.transaction((tx) =>
    updateRecordings(tx, [{ id, open: false, endedAt, bytes: segment.intactBytes, holes }]),
  );
}

/**
 * Files that the index does not know: the database was lost, or is an older one. They are taken in again, never deleted
 * (T10). `isOurs` says which were made since. Resolves with how many.
 */
export async function adoptUnknown(options: RepairOptions, isOurs: (file: string) => boolean): Promise<number> {
  const { store, log } = options;
  const known = new Map<string, Set<string>>();
  let adopted = 0;
  for await (const { file, name } of namedFiles(options)) {
    const files = known.get(name.camera) ?? (await recordingFiles(store.db, name.camera));
    known.set(name.camera, files);
    const unknown = !files.has(file) && !isOurs(file);
    if (unknown && (await adoptOne(options, file, name))) adopted += 1;
  }
  if (adopted > 0) log.warn({ files: adopted }, 'recordings that the index did not know taken in');
  return adopted;
}

async function* namedFiles({ root, signal }: RepairOptions) {
  for await (const path of glob('*/*/*.mp4', { cwd: root })) {
    if (signal.aborted) return;
    const file = path.replaceAll(sep, '/');
    const name = parseSegmentFile(file);
    if (name) yield { file, name };
  }
}

async function adoptOne(options: RepairOptions, file: string, { camera, startedAt }: SegmentName): Promise<boolean> {
  const { store, disk, log } = options;
  try {
    const segment = await readStored(disk, file);
    if (segment === 'empty') return false;
    const facts = { open: false, ring: false, codec: segment.codec, holes: [], gapBefore: 'unknown' };
    const bytes = segment.intactBytes;
    const endedAt = endOf(startedAt, segment);
    await insertRecording(store.db, { id: randomUUIDv7(), camera, file, startedAt, endedAt, bytes, ...facts });
    return true;
  } catch (err) {
    log.warn({ err, file }, 'recording not taken in');
    return false;
  }
}

/** A file without one whole picture shows nothing. */
async function readStored(disk: Disk, file: string): Promise<StoredSegment | 'empty'> {
  try {
    await using opened = await disk.open(file);
    const segment = await readSegment(opened.read);
    return segment.samples.length === 0 ? 'empty' : segment;
  } catch (error) {
    if (error instanceof RecordingDamagedError) return 'empty';
    throw error;
  }
}

function endOf(startedAt: Date, { endTicks }: StoredSegment): Date {
  return new Date(startedAt.getTime() + Math.round((endTicks * 1_000) / ticksPerSecond));
}
