import { HubViewer, type ViewerEnd, type ViewerSink } from '../hub/hub-viewer.ts';

export type OnPlaybackEnd = (viewer: HubViewer, reason: ViewerEnd) => void;

/** A viewer that is waited for instead of dropping pictures. */
export class PlaybackViewer extends HubViewer {
  readonly #ending = new AbortController();
  readonly #flow: Flow;
  readonly #blockedLimitMs: number;
  readonly #write: (data: Buffer) => boolean;

  /** One that has taken nothing for `blockedLimitMs` is gone. */
  constructor(sink: ViewerSink, onEnd: OnPlaybackEnd, blockedLimitMs: number) {
    const flow = new Flow();
    const write = (data: Buffer, message?: Buffer) => flow.note(sink.write(data, message));
    const end = (reason: ViewerEnd) => {
      this.#ending.abort();
      flow.open();
      sink.end(reason);
    };
    super({ write, end }, onEnd);
    this.#flow = flow;
    this.#blockedLimitMs = blockedLimitMs;
    this.#write = write;
  }

  /** Aborts when it ends. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  override drained(): void {
    this.#flow.open();
    super.drained();
  }

  /** Resolves when it takes more, or has ended. */
  async room(): Promise<void> {
    const late = setTimeout(() => this.close('blocked'), this.#blockedLimitMs);
    await this.#flow.opened;
    clearTimeout(late);
  }

  /** Bytes that no picture is, past those that wait. */
  tell(data: Buffer): void {
    if (!this.ended) this.#write(data);
  }
}

/** Whether the other end takes more. */
class Flow {
  #gate = Promise.withResolvers<void>();
  #isOpen = true;

  constructor() {
    this.#gate.resolve();
  }

  get opened(): Promise<void> {
    return this.#gate.promise;
  }

  note(takesMore: boolean): boolean {
    if (!takesMore && this.#isOpen) {
      this.#isOpen = false;
      this.#gate = Promise.withResolvers();
    }
    return takesMore;
  }

  open(): void {
    this.#isOpen = true;
    this.#gate.resolve();
  }
}
