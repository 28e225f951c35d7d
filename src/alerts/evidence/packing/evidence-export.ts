import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Actor, systemActor } from '../../../shared/actor.ts';
import { ErrorTally } from '../../../shared/error-tally.ts';
import type { Log } from '../../../shared/log.ts';
import { appendLedger, type LedgerEntry } from '../../../store/ledger-repository.ts';
import type { Store } from '../../../store/store.ts';
import type { AlertDesk } from '../../desk.ts';
import type { EvidenceDesk } from '../requests/evidence-desk.ts';
import { EvidenceChangedError, EvidenceMoveError, ForeignEvidenceError } from '../requests/evidence-errors.ts';
import type { EvidenceRequest } from '../requests/evidence-request.ts';
import { digestOf } from '../requests/evidence-state.ts';
import { gatherPapers, times } from './gather-papers.ts';
import { type LedgerExcerpt, ledgerExcerpt } from './ledger-excerpt.ts';
import { packEvidence } from './pack-evidence.ts';
import type { ItemSources, Marking } from './package-items.ts';
import type { PackageSources } from './package-sources.ts';
import { type PackageLimits, type PackageTurn, PackageTurns, usualPackageLimits } from './package-turns.ts';
import { ledgerObjects, type Papers } from './papers.ts';
import { reviewClip } from './review-clip.ts';
import { markedPicture, reviewMark } from './review-mark.ts';
import { openSigningKey, type SigningKey } from './signing-key.ts';

export interface EvidenceExportOptions {
  readonly store: Store;
  readonly desk: EvidenceDesk;
  readonly alerts: Pick<AlertDesk, 'get' | 'trace' | 'snapshot'>;
  readonly sources: PackageSources;
  readonly dataDirectory: string;
  readonly ffmpegPath: string;
  readonly limits?: Partial<PackageLimits> | undefined;
  readonly log: Log;
  readonly now?: (() => Date) | undefined;
}

/** A package on its way out. */
export interface OpenedPackage {
  readonly name: string;
  /** Destroyed when the client goes away. */
  readonly bytes: Readable;
}

export type CopyKind = 'original' | 'review';

/** Lets approved evidence out: first its row in the ledger, then the bytes (T40). */
export class EvidenceExport {
  readonly #options: EvidenceExportOptions;
  readonly #limits: PackageLimits;
  readonly #turns: PackageTurns;
  readonly #untold: ErrorTally;
  readonly #now: () => Date;
  readonly #following = new Set<Promise<void>>();
  #key: Promise<SigningKey> | undefined;

  constructor(options: EvidenceExportOptions) {
    this.#options = options;
    this.#limits = { ...usualPackageLimits, ...options.limits };
    this.#turns = new PackageTurns(this.#limits);
    this.#untold = new ErrorTally((count, err) => options.log.error({ count, err }, 'broken exports not recorded'));
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * Fails with `EVIDENCE_NOT_FOUND`, `EVIDENCE_MOVE_REFUSED` unless it is approved, `EVIDENCE_OF_ANOTHER`,
   * `EVIDENCE_CHANGED`, `EVIDENCE_TOO_LARGE`, `EVIDENCE_BUSY`, `EVIDENCE_TOO_SLOW`, `EVIDENCE_UNMARKED`.
   */
  async open(id: string, copy: CopyKind, actor: Actor): Promise<OpenedPackage> {
    const request = await this.#options.desk.get(id, actor);
    sureOfApproval(request, actor);
    const turn = this.#turns.take();
    try {
      return await this.#open(request, { copy, actor, turn });
    } catch (error) {
      turn.end();
      throw error;
    }
  }

  /** Safe to call twice; no package goes on, and those that were broken off are rows of the ledger. */
  async close(): Promise<void> {
    this.#turns.close();
    await Promise.all(this.#following);
    this.#untold.close();
  }

  async #open(request: EvidenceRequest, { copy, actor, turn }: Opening): Promise<OpenedPackage> {
    const at = this.#now();
    const marking = copy === 'review' ? await this.#marking(request, { actor, at }) : undefined;
    const papers = await gatherPapers(request, { ...this.#options, mostBytes: this.#limits.mostBytes });
    const series = await this.#measured(papers);
    // Made before anything is written down: without a key nothing is exported.
    this.#key ??= openSigningKey(this.#options.dataDirectory);
    const key = await this.#key.catch((error) => {
      this.#key = undefined;
      throw error;
    });
    turn.signal.throwIfAborted();
    const ledger = await this.#record(papers, { copy, actor });
    turn.signal.throwIfAborted();
    const packed = { papers, series, ledger, actor, at, key };
    const bytes = packEvidence(packed, this.#itemSources(papers, marking), turn);
    this.#follow(bytes, papers, actor);
    return { name: `evidence-${request.id}${copy === 'review' ? '-review' : ''}.zip`, bytes };
  }

  /** The row of this export and all rows that belong to it, as they stand together. */
  async #record(papers: Papers, { copy, actor }: Omit<Opening, 'turn'>): Promise<LedgerExcerpt> {
    const { store, desk } = this.#options;
    return await store.transaction(async (tx) => {
      const request = await desk.standing(tx, papers.request.id, actor);
      sureOfApproval(request, actor);
      const { purpose, recipient, from, to, cameras, digest } = request;
      const details = { copy, purpose, recipient, from, to, cameras, digest };
      const head = await appendLedger(tx, { ...exported(request, actor), result: 'ok', details });
      return await ledgerExcerpt(tx, ledgerObjects(papers), head);
    });
  }

  /** What was not read to its end is told of: somebody may hold a part of it. */
  #follow(bytes: Readable, { request }: Papers, actor: Actor): void {
    const ended = finished(bytes)
      .catch(async () => {
        const entry: LedgerEntry = { ...exported(request, actor), result: 'failed', details: { reason: 'broken off' } };
        await this.#options.store.transaction((tx) => appendLedger(tx, entry));
      })
      .catch((error) => this.#untold.add(error))
      .finally(() => this.#following.delete(ended));
    this.#following.add(ended);
  }

  async #measured({ request, alerts }: Papers) {
    const sensors = alerts.flatMap(({ alert: { sensor } }) => sensor ?? []);
    const position = alerts[0]?.alert.position;
    return await this.#options.sources.measured({ sensors, position, ...times(request) });
  }

  #itemSources({ request, incident }: Papers, marking: Marking | undefined): ItemSources {
    const { sources } = this.#options;
    return {
      marking,
      clip: (camera) => sources.clip({ camera, ...times(request) }),
      photo: (photo) => sources.photo(incident?.id ?? '', photo, systemActor),
    };
  }

  async #marking({ purpose }: EvidenceRequest, { actor, at }: { actor: Actor; at: Date }): Promise<Marking> {
    const { ffmpegPath } = this.#options;
    const mark = await reviewMark({ requester: actor.name, at, purpose });
    return {
      picture: (jpeg) => markedPicture(jpeg, mark),
      clip: (clip, signal) => reviewClip(clip, { ffmpegPath, mark, signal }),
    };
  }
}

interface Opening {
  readonly copy: CopyKind;
  readonly actor: Actor;
  readonly turn: PackageTurn;
}

const exported = ({ id }: EvidenceRequest, actor: Actor) => ({ actor, action: 'evidence.export', object: id }) as const;

/** Exactly what was approved, by somebody else, to whoever asked for it or reviews. */
function sureOfApproval(request: EvidenceRequest, { id, role }: Actor): void {
  const { state, requestedBy, decidedBy, approved } = request;
  if (state !== 'approved') throw new EvidenceMoveError('export', state);
  const isApprovedByAnother = decidedBy !== undefined && decidedBy.id !== requestedBy.id;
  if (!isApprovedByAnother || approved !== digestOf(request)) throw new EvidenceChangedError(request.id);
  if (requestedBy.id !== id && role !== 'reviewer' && role !== 'admin') throw new ForeignEvidenceError();
}
