import { type Actor, maySee } from '../../shared/actor.ts';
import type { BeginDeed } from '../../shared/deed.ts';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import { Rounds } from '../../shared/rounds.ts';
import type { Store } from '../../store/store.ts';
import type { Alert } from '../alert.ts';
import type { AlertDesk } from '../desk.ts';
import { LockBook } from './locks/lock-book.ts';
import { type CopyKind, EvidenceExport, type OpenedPackage } from './packing/evidence-export.ts';
import type { PackageSources } from './packing/package-sources.ts';
import type { PackageLimits } from './packing/package-turns.ts';
import { EvidenceDesk } from './requests/evidence-desk.ts';
import { EvidenceCameraError, EvidenceNotFoundError } from './requests/evidence-errors.ts';
import type { EvidenceAsked, EvidenceSubject } from './requests/evidence-terms.ts';

/** A camera as far as evidence knows it. */
export interface EvidenceCamera {
  readonly id: string;
  readonly area?: string | undefined;
}

export interface EvidenceOptions {
  readonly store: Store;
  readonly alerts: Pick<AlertDesk, 'get' | 'trace' | 'snapshot'>;
  /** The incident's own part of a subject; fails when the actor may not see it. */
  readonly incident: (
    id: string,
    actor: Actor,
  ) => Promise<Omit<EvidenceSubject, 'cameras'> & { alerts: readonly string[] }>;
  readonly camera: (id: string) => EvidenceCamera | undefined;
  readonly sources: PackageSources;
  /** The key that packages are signed with is below it. */
  readonly dataDirectory: string;
  readonly ffmpegPath: string;
  /** Asked before a package leaves. */
  readonly begin: BeginDeed;
  /** Signs a row of the ledger outside of the database. */
  readonly signRow?: (row: { readonly row: number; readonly hash: string }) => Promise<void>;
  readonly log: Log;
  readonly limits?: Partial<PackageLimits>;
  readonly now?: () => Date;
}

const everyMs = 60_000;

/** Evidence (导得出): asked for, approved by somebody else, locked, and given out as a package that proves itself. */
export class Evidence {
  readonly desk: EvidenceDesk;
  readonly locks: LockBook;
  readonly #export: EvidenceExport;
  readonly #options: EvidenceOptions;
  readonly #failed: ErrorTally;
  readonly #rounds = new Rounds(everyMs, () => this.#look());

  constructor(options: EvidenceOptions) {
    this.#options = options;
    const areaOf = (camera: string, actor: Actor) => visibleArea(options.camera(camera), { camera, actor });
    this.locks = new LockBook({ ...options, areaOf });
    const subject = (asked: EvidenceAsked, actor: Actor) => this.#subject(asked, actor);
    this.desk = new EvidenceDesk({ ...options, locks: this.locks, subject, areaOf });
    this.#export = new EvidenceExport({ ...options, desk: this.desk });
    this.#failed = new ErrorTally((count, err) => options.log.error({ count, err }, 'evidence not looked after'));
  }

  /** Begins to write down what expires and to warn of locks that end. */
  start(): void {
    this.#rounds.start();
  }

  /** Safe to call twice; no package goes on. */
  async close(): Promise<void> {
    await this.#export.close();
    await this.#rounds.close();
    this.#failed.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Fails as `EvidenceExport` does. */
  package(id: string, copy: CopyKind, actor: Actor): Promise<OpenedPackage> {
    return this.#export.open(id, copy, actor);
  }

  /** Of the newest request about the alert that is approved, their own before others'. Fails with `ALERT_NOT_FOUND`, `EVIDENCE_NOT_FOUND` and as `package` does. */
  async packageOfAlert(alert: string, copy: CopyKind, actor: Actor): Promise<OpenedPackage> {
    await this.#options.alerts.get(alert, actor);
    const { items } = await this.desk.list({ alert, state: 'approved', limit: 100 }, actor);
    const approved = items.filter(({ state }) => state === 'approved');
    const request = approved.find(({ requestedBy }) => requestedBy.id === actor.id) ?? approved[0];
    if (!request) throw new EvidenceNotFoundError(`of alert ${alert} that is approved`);
    return await this.package(request.id, copy, actor);
  }

  async #subject({ alert, incident }: EvidenceAsked, actor: Actor): Promise<EvidenceSubject> {
    if (alert !== undefined) return this.#ofAlert(await this.#options.alerts.get(alert, actor));
    const found = await this.#options.incident(incident ?? '', actor);
    const alerts = await Promise.all(found.alerts.map((id) => this.#options.alerts.get(id)));
    const seen = alerts.flatMap((one) => this.#ofAlert(one).cameras);
    const cameras = [...new Set(seen)].filter((camera) => maySee(actor, this.#options.camera(camera)?.area));
    const at = alerts.reduce((first, one) => (one.at < first ? one.at : first), found.at);
    return { ...found, at, cameras };
  }

  /** Cameras that are not there any more have no footage that could be asked for by name. */
  #ofAlert({ area, at, camera, merged = [] }: Alert): EvidenceSubject {
    const seen = [camera, ...merged.map((part) => part.camera)].flatMap((id) => id ?? []);
    return { area, at, cameras: [...new Set(seen)].filter((id) => this.#options.camera(id) !== undefined) };
  }

  async #look(): Promise<void> {
    const looks = await Promise.allSettled([this.desk.expire(), this.locks.warn()]);
    for (const look of looks) if (look.status === 'rejected') this.#failed.add(look.reason);
  }
}

/** Another area's camera does not exist for the actor. */
function visibleArea(
  found: EvidenceCamera | undefined,
  { camera, actor }: { readonly camera: string; readonly actor: Actor },
): string | undefined {
  if (!found || !maySee(actor, found.area)) throw new EvidenceCameraError(camera);
  return found.area;
}
