import type { Readable } from 'node:stream';
import { type Actor, systemActor } from '../../../shared/actor.ts';
import { type BeginDeed, type EndDeed, tellWhenRead } from '../../../shared/deed.ts';
import { appendLedger } from '../../../store/ledger-repository.ts';
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
  /** Asked before a package leaves: what cannot be told of does not (T40). */
  readonly begin: BeginDeed;
  /** Signs the row of a seal outside of the database, so that a package can be held against that. */
  readonly signRow?: ((row: LedgerExcerpt['head']) => Promise<void>) | undefined;
  readonly limits?: Partial<PackageLimits> | undefined;
  readonly now?: (() => Date) | undefined;
}

/** A package on its way out. */
export interface OpenedPackage {
  readonly name: string;
  /** Destroyed when the client goes away. */
  readonly bytes: Readable;
}

export type CopyKind = 'original' | 'review';

/**
 * Lets approved evidence out. First its row `evidence.seal`, which travels within the package, then the bytes, and once it
 * is known how they ended the row `evidence.export`: nothing but the seal is true before the last byte has left (T40).
 */
export class EvidenceExport {
  readonly #options: EvidenceExportOptions;
  readonly #limits: PackageLimits;
  readonly #turns: PackageTurns;
  readonly #now: () => Date;
  readonly #following = new Set<Promise<void>>();
  #key: Promise<SigningKey> | undefined;

  constructor(options: EvidenceExportOptions) {
    this.#options = options;
    this.#limits = { ...usualPackageLimits, ...options.limits };
    this.#turns = new PackageTurns(this.#limits);
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

  /** Safe to call twice; no package goes on, and how each ended is told. */
  async close(): Promise<void> {
    this.#turns.close();
    await Promise.all(this.#following);
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
    const end = await this.#options.begin({ actor, action: 'evidence.export', object: request.id, details: { copy } });
    const ledger = await this.#sealed(papers, { copy, actor }, end);
    await this.#options.signRow?.(ledger.head);
    const packed = { papers, series, ledger, actor, at, key };
    const bytes = packEvidence(packed, this.#itemSources(papers, marking), turn);
    this.#follow(bytes, end);
    return { name: `evidence-${request.id}${copy === 'review' ? '-review' : ''}.zip`, bytes };
  }

  async #sealed(papers: Papers, opening: Omit<Opening, 'turn'>, end: EndDeed): Promise<LedgerExcerpt> {
    try {
      return await this.#seal(papers, opening);
    } catch (error) {
      await end({ result: 'failed', details: { reason: 'not sealed' } });
      throw error;
    }
  }

  /** The row of this package and all rows that belong to it, as they stand together. */
  async #seal(papers: Papers, { copy, actor }: Omit<Opening, 'turn'>): Promise<LedgerExcerpt> {
    const { store, desk } = this.#options;
    return await store.transaction(async (tx) => {
      const request = await desk.standing(tx, papers.request.id, actor);
      sureOfApproval(request, actor);
      const { purpose, recipient, from, to, cameras, digest } = request;
      const details = { copy, purpose, recipient, from, to, cameras, digest };
      const head = await appendLedger(tx, {
        actor,
        action: 'evidence.seal',
        object: request.id,
        result: 'ok',
        details,
      });
      return await ledgerExcerpt(tx, ledgerObjects(papers), head);
    });
  }

  #follow(bytes: Readable, end: EndDeed): void {
    const told = tellWhenRead(bytes, end);
    this.#following.add(told);
    void told.then(() => this.#following.delete(told));
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

/** Exactly what was approved, by somebody else, to whoever asked for it or reviews. */
function sureOfApproval(request: EvidenceRequest, { id, role }: Actor): void {
  const { state, requestedBy, decidedBy, approved } = request;
  if (state !== 'approved') throw new EvidenceMoveError('export', state);
  const isApprovedByAnother = decidedBy !== undefined && decidedBy.id !== requestedBy.id;
  if (!isApprovedByAnother || approved !== digestOf(request)) throw new EvidenceChangedError(request.id);
  if (requestedBy.id !== id && role !== 'reviewer' && role !== 'admin') throw new ForeignEvidenceError();
}
