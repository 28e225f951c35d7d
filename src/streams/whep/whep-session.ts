import type { Log } from '../../shared/log.ts';
import type { HubViewer, ViewerEnd, ViewerSink } from '../hub/hub-viewer.ts';
import { readVideoFormat } from '../rtp/video-format.ts';
import { type FlvPiece, piecesOf } from './flv-pictures.ts';
import { RtpPictures } from './rtp-pictures.ts';
import { CameraSilentError, NotForWebrtcError } from './whep-errors.ts';
import { type PeerOptions, WhepPeer } from './whep-peer.ts';

/** Opens the viewer that this session is to the hub. */
export type OpenViewer = (sink: ViewerSink) => HubViewer;

export interface SessionOptions {
  readonly peer: PeerOptions;
  readonly open: OpenViewer;
  readonly log: Log;
  readonly limits?: SessionLimits | undefined;
}

/** Milliseconds. */
export interface SessionLimits {
  /** The camera's first picture after it is asked for. */
  readonly pictureMs: number;
  /** ICE and DTLS. */
  readonly connectMs: number;
  /** Without a word of the receiver; browsers report once a second. */
  readonly silentMs: number;
}

const usualLimits: SessionLimits = { pictureMs: 8_000, connectMs: 10_000, silentMs: 10_000 };

const playerGone = 'webrtc player gone without a word';

/** One browser that plays one camera over WebRTC: a viewer of the hub whose bytes go out as RTP. */
export class WhepSession {
  readonly #peer: WhepPeer;
  readonly #open: OpenViewer;
  readonly #limits: SessionLimits;
  readonly #log: Log;
  readonly #pictures: RtpPictures;
  /** What the camera sends, once it does. */
  readonly #first = Promise.withResolvers<FlvPiece | undefined>();
  #viewer: HubViewer | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor({ peer, open, log, limits = usualLimits }: SessionOptions) {
    this.#peer = new WhepPeer(peer);
    this.#open = open;
    this.#limits = limits;
    this.#log = log;
    this.#pictures = new RtpPictures((packet) => this.#peer.send(packet));
  }

  /** The answer to the offer. Throws CameraSilentError, NotForWebrtcError, and what the peer refuses the offer with. */
  async start(offer: string): Promise<string> {
    this.#peer.once('connected', () => {
      this.#expectWithin(this.#limits.silentMs, playerGone);
      if (!this.#ended) this.#pictures.flow();
    });
    this.#peer.on('heard', () => this.#expectWithin(this.#limits.silentMs, playerGone));
    this.#peer.on('lost', () => this.close('left'));
    this.#viewer = this.#open({
      write: (data) => this.#take(data),
      end: () => void this.#end(),
    });
    try {
      await this.#checkPictures();
      const answer = await this.#peer.answer(offer);
      // Its session may have ended, or the camera been taken away, in the meantime.
      if (this.#ended) throw new CameraSilentError();
      this.#expectWithin(this.#limits.connectMs, 'webrtc not connected: is UDP let through?');
      return answer;
    } catch (error) {
      this.close('left');
      throw error;
    }
  }

  /** Safe to call twice; no socket, no timer and no viewer is left. */
  close(reason: ViewerEnd): void {
    this.#viewer?.close(reason);
  }

  /** UDP takes everything at once: what the network cannot carry is lost there and asked for again. */
  #take(data: Buffer): boolean {
    for (const piece of piecesOf(data)) {
      this.#first.resolve(piece);
      this.#pictures.take(piece);
    }
    return true;
  }

  async #checkPictures(): Promise<void> {
    const late = setTimeout(() => this.#first.resolve(undefined), this.#limits.pictureMs);
    const first = await this.#first.promise.finally(() => clearTimeout(late));
    if (first?.kind === 'foreign') throw new NotForWebrtcError('h265');
    const [sps] = first?.kind === 'sets' ? first.sets : [];
    if (!sps) throw new CameraSilentError();
    if ((readVideoFormat('h264', sps).reorder ?? 0) > 0) throw new NotForWebrtcError('b-pictures');
  }

  #expectWithin(ms: number, otherwise: string): void {
    clearTimeout(this.#deadline);
    if (this.#ended) return;
    this.#deadline = setTimeout(() => {
      this.#log.info({ afterMs: ms }, otherwise);
      this.close('left');
    }, ms);
  }

  get #ended(): boolean {
    return this.#viewer?.ended !== undefined;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#deadline);
    this.#first.resolve(undefined);
    await this.#peer.close();
  }
}
