import type { Log } from '../../shared/log.ts';
import {
  deleteRecording,
  type Expiry,
  expiredRecordings,
  type Recording,
  recordingTotals,
} from '../../store/recordings-repository.ts';
import type { Store } from '../../store/store.ts';
import { type AllowanceFacts, DeletionAllowance, tooMany } from './deletion-guard.ts';
import type { Disk } from './recording-disk.ts';

export interface RetentionOptions {
  readonly store: Store;
  readonly disk: Disk;
  /** How full the disk may become, percent. */
  readonly maxDiskPercent: number;
  readonly days: number;
  /** Cameras with days of their own. */
  readonly daysOf: () => ReadonlyMap<string, number>;
  readonly log: Log;
}

/** What a pass deleted, and whether it refused to delete more because that looks like a mistake. */
export interface RetentionPass {
  readonly deleted: number;
  readonly bytes: number;
  /** Files that would have gone; they wait for an explicit confirmation. */
  readonly refused: number;
}

export interface PruneOptions {
  /** An operator has seen that more than a fifth will go. */
  readonly confirm?: boolean | undefined;
  /** A write was refused: a quota may be full that the disk does not tell of, so one file goes at least. */
  readonly full?: boolean;
  readonly now?: Date;
}

const dayMs = 86_400_000;
/** A pass deletes no more than so many; the next one goes on. */
const maxPerPass = 2_000;
const endOfTime = new Date('9999-12-31T23:59:59.999Z');
const nothing: RetentionPass = { deleted: 0, bytes: 0, refused: 0 };

/** Deletes what is too old or has no room any more, oldest first, what is locked never (T07, T10). */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #allowance = new DeletionAllowance();
  #pass: Promise<unknown> = Promise.resolve();

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** The recorder has written so much: as much of the oldest may make room for it. */
  written(bytes: number): void {
    this.#allowance.earn(bytes);
  }

  /** By age, then by room. One pass runs at a time. */
  prune({ confirm = false, full = false, now = new Date() }: PruneOptions = {}): Promise<RetentionPass> {
    const pass = this.#pass.then(async () => {
      const byAge = await this.#pruneAged(now, confirm);
      return sum(byAge, await this.#makeRoom(confirm, full && byAge.deleted === 0));
    });
    this.#pass = pass.catch(() => undefined);
    return pass;
  }

  /** Waits for the pass that runs. */
  async close(): Promise<void> {
    await this.#pass;
  }

  async #pruneAged(now: Date, confirm: boolean): Promise<RetentionPass> {
    const { store, log } = this.#options;
    const { files } = await recordingTotals(store.db);
    const limit = confirm ? maxPerPass : Math.min(maxPerPass, Math.ceil(files / 5) + 1);
    const expired: Recording[] = [];
    for (const expiry of this.#expiries(now)) expired.push(...(await expiredRecordings(store.db, expiry, limit)));
    if (!confirm && tooMany(expired.length, files)) {
      const facts = { files, wouldGo: expired.length };
      log.error(
        facts,
        'retention would delete more than a fifth of all recordings: confirm it, or check the clock and days',
      );
      return { ...nothing, refused: expired.length };
    }
    return await this.#delete(expired);
  }

  #expiries(now: Date): Expiry[] {
    const { days } = this.#options;
    const daysOf = this.#options.daysOf();
    const before = (limit: number) => new Date(Math.max(0, now.getTime() - limit * dayMs));
    const groups = Map.groupBy(daysOf, ([, own]) => own);
    const own = [...groups].map(([limit, cameras]) => ({
      before: before(limit),
      cameras: cameras.map(([camera]) => camera),
      except: false,
    }));
    return [...own, { before: before(days), cameras: [...daysOf.keys()], except: true }];
  }

  async #makeRoom(confirm: boolean, full: boolean): Promise<RetentionPass> {
    const { store, disk, maxDiskPercent, log } = this.#options;
    const { totalBytes, freeBytes } = await disk.usage();
    const excess = Math.max((totalBytes * (100 - maxDiskPercent)) / 100 - freeBytes, full ? 1 : 0);
    if (excess <= 0) return nothing;
    const totals: AllowanceFacts = await recordingTotals(store.db);
    const everything: Expiry = { before: endOfTime, cameras: [], except: true };
    const oldest = await expiredRecordings(store.db, everything, maxPerPass);
    const victims: Recording[] = [];
    let freed = 0;
    for (const recording of oldest) {
      if (freed >= excess) break;
      if (!confirm && !this.#allowance.spend(recording.bytes, totals)) {
        log.error({ missingBytes: Math.round(excess - freed) }, 'something else fills the disk of the recordings');
        return { ...(await this.#delete(victims)), refused: oldest.length - victims.length };
      }
      victims.push(recording);
      freed += recording.bytes;
    }
    return await this.#delete(victims);
  }

  /** The file first: a row without a file is harmless, a file without a row would come back at the next start. */
  async #delete(victims: readonly Recording[]): Promise<RetentionPass> {
    const { store, disk, log } = this.#options;
    let bytes = 0;
    for (const recording of victims) {
      await disk.remove(recording.file);
      await deleteRecording(store.db, recording.id);
      bytes += recording.bytes;
    }
    const oldest = victims[0]?.startedAt.toISOString();
    if (victims.length > 0) log.info({ deleted: victims.length, bytes, oldest }, 'recordings deleted');
    return { deleted: victims.length, bytes, refused: 0 };
  }
}

function sum(a: RetentionPass, b: RetentionPass): RetentionPass {
  return { deleted: a.deleted + b.deleted, bytes: a.bytes + b.bytes, refused: a.refused + b.refused };
}
