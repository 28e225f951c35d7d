import { randomBytes } from 'node:crypto';
import type { Log } from '../../shared/log.ts';
import type { CameraStreams } from '../camera-streams.ts';
import type { Watcher, Watchers } from '../viewing/watchers.ts';
import type { WebrtcConfig } from './webrtc-config.ts';
import { WebrtcFullError, WhepSessionNotFoundError } from './whep-errors.ts';
import { type SessionLimits, WhepSession } from './whep-session.ts';

export interface WhepOptions {
  readonly streams: Pick<CameraStreams, 'open'>;
  readonly watchers: Watchers;
  readonly config: WebrtcConfig;
  readonly log: Log;
  readonly limits?: SessionLimits;
}

export interface WhepOffer {
  readonly camera: string;
  readonly actor: Watcher;
  readonly sdp: string;
  /** The address of this machine that the request came to: browsers reach it there by UDP too. */
  readonly reachedAt: string | undefined;
}

/** All WebRTC sessions; each has an id that only its own player knows. */
export class WhepSessions {
  readonly #options: WhepOptions;
  readonly #sessions = new Map<string, WhepSession>();
  /** Asked for and not answered yet: they take a place too. */
  #starting = 0;

  constructor(options: WhepOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Throws CameraNotFoundError, CameraSilentError, NotForWebrtcError, OfferRefusedError, WebrtcFullError. */
  async start(offer: WhepOffer): Promise<{ readonly id: string; readonly answer: string }> {
    const { maxSessions } = this.#options.config;
    if (this.#sessions.size + this.#starting >= maxSessions) {
      throw new WebrtcFullError(`All ${maxSessions} WebRTC sessions are taken; play /streams/ID.flv.`);
    }
    this.#starting += 1;
    try {
      return await this.#start(offer);
    } finally {
      this.#starting -= 1;
    }
  }

  has(camera: string, id: string): boolean {
    return this.#sessions.has(keyOf(camera, id));
  }

  /** Ends a session of this camera. Throws WhepSessionNotFoundError. */
  end(camera: string, id: string): void {
    const session = this.#sessions.get(keyOf(camera, id));
    if (!session) throw new WhepSessionNotFoundError();
    session.close('left');
  }

  async #start({ camera, actor, sdp, reachedAt }: WhepOffer): Promise<{ id: string; answer: string }> {
    const { streams, watchers, log, limits } = this.#options;
    const id = randomBytes(18).toString('base64url');
    const key = keyOf(camera, id);
    const session: WhepSession = new WhepSession({
      peer: this.#peerAt(reachedAt),
      log: log.child({ camera }),
      limits,
      open: (sink) =>
        watchers.watch({ actor, camera, over: 'webrtc' }, (onEnd) =>
          streams.open({ camera, audio: false }, sink, (viewer, reason) => {
            this.#sessions.delete(key);
            onEnd(viewer, reason);
          }),
        ),
    });
    this.#sessions.set(key, session);
    return { id, answer: await session.start(sdp) };
  }

  #peerAt(reachedAt: string | undefined) {
    const { addresses, ports } = this.#options.config;
    const own = reachedAt?.replace(/^::ffff:/, '');
    if (addresses.length > 0) return { addresses, ports };
    return { addresses: own === undefined ? [] : [own], listenOn: own, ports };
  }
}

const keyOf = (camera: string, id: string) => `${camera}/${id}`;
