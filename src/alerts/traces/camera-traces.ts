import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import { putAlertTrace } from '../../store/alert-traces-repository.ts';
import type { Store } from '../../store/store.ts';
import type { Alert, MergedPart } from '../alert.ts';
import type { Detected } from '../detection/model.ts';
import { defaultSightingLimits, lookOf, RecentSightings } from '../detection/recent-sightings.ts';
import { cameraTrace, nextTrace, type OpenTrace } from './open-trace.ts';
import { packTrace } from './trace.ts';

export interface CameraTracesOptions {
  readonly store: Store;
  /** Below it the detector says nothing. */
  readonly leastScore: number;
  readonly log: Log;
}

/** Alerts of cameras that go on at once; of more, the oldest is written and left. */
const mostOpen = 200;

/** Keeps what each watched camera saw lately and, with every alert of it, what it saw from before to the end. */
export class CameraTraces {
  readonly #options: CameraTracesOptions;
  readonly #recent = new Map<string, RecentSightings>();
  readonly #open = new Map<string, OpenTrace>();
  readonly #unwritten: ErrorTally;
  #leastScore: number;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: CameraTracesOptions) {
    this.#options = options;
    this.#leastScore = options.leastScore;
    this.#unwritten = new ErrorTally((count, err) => options.log.warn({ count, err }, 'traces of alerts not kept'));
  }

  /** From now on the detector says nothing below this; of an alert that goes on, what is sure is the higher of the two. */
  configure(leastScore: number): void {
    for (const trace of this.#open.values())
      this.#open.set(trace.alert, { ...trace, leastScore: Math.max(trace.leastScore, leastScore) });
    this.#leastScore = leastScore;
  }

  /** A picture was looked at; its rules have not judged it yet. */
  saw(detected: Detected): void {
    const { camera } = detected.frame;
    const look = lookOf(detected);
    this.#recentOf(camera, look.at).add(look);
    for (const trace of this.#open.values()) {
      if (trace.camera !== camera) continue;
      const next = nextTrace(trace, look);
      if (next.type === 'full') this.#finish(trace);
      else this.#open.set(trace.alert, next.trace);
      if (next.type === 'goes-on' && next.isDue) this.#write(next.trace);
    }
  }

  /** An alert as the desk has just stored it. */
  changed(alert: Alert): void {
    if (alert.version === 1) this.#begin(alert);
    for (const { id, endedAt } of alert.merged ?? [alert]) {
      const trace = endedAt === undefined ? undefined : this.#open.get(id);
      if (trace) this.#finish(trace);
    }
  }

  /** Safe to call twice; once it resolves, what was seen of alerts that go on is on disk. */
  async close(): Promise<void> {
    for (const trace of this.#open.values()) this.#finish(trace);
    await this.#writing;
    this.#unwritten.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** By the clock of the pictures: the desk does not believe one that runs ahead. */
  #begin({ id, camera, why }: MergedPart): void {
    const looks = (why && camera !== undefined && this.#recent.get(camera)?.looks) || [];
    const last = looks.at(-1);
    if (!last || camera === undefined) return;
    const leastScore = this.#leastScore;
    this.#open.set(id, { alert: id, camera, raisedAt: last.at.getTime(), leastScore, looks: [...looks] });
    const [oldest] = this.#open.values();
    if (this.#open.size > mostOpen && oldest) this.#finish(oldest);
  }

  #finish(trace: OpenTrace): void {
    this.#open.delete(trace.alert);
    this.#write(trace);
  }

  /** One after the other: an older state of a trace never comes after a newer one. */
  #write(open: OpenTrace): void {
    const { store } = this.#options;
    const trace = cameraTrace(open);
    if (!trace) return;
    this.#writing = this.#writing
      .then(async () => putAlertTrace(store.db, open.alert, await packTrace(trace)))
      .catch((error: Error) => this.#unwritten.add(error));
  }

  /** A camera that nobody watches any more is forgotten when another one begins. */
  #recentOf(camera: string, at: Date): RecentSightings {
    const known = this.#recent.get(camera);
    if (known) return known;
    for (const [id, { looks }] of this.#recent) {
      const newest = looks.at(-1)?.at.getTime() ?? 0;
      if (at.getTime() - newest > defaultSightingLimits.keepMs) this.#recent.delete(id);
    }
    const recent = new RecentSightings();
    this.#recent.set(camera, recent);
    return recent;
  }
}
