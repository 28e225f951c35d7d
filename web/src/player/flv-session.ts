import type Mpegts from 'mpegts.js';
import { chaseLiveEdge } from './edge-chaser.ts';

export interface SessionEnds {
  readonly onEnd: (cause: string) => void;
}

/** True when this browser decodes H.265 handed over as it is in the stream. */
export function playsH265(): boolean {
  return globalThis.MediaSource?.isTypeSupported('video/mp4; codecs="hvc1.1.6.L93.B0"') ?? false;
}

export interface FlvOptions extends SessionEnds {
  /** Whether the stream carries sound; a player that waits for sound which never comes shows nothing. */
  readonly hasAudio?: boolean;
  /** False for a recording: it is played at its own pace and not chased. */
  readonly live?: boolean;
  /** What the stream says of itself in script tags. */
  readonly onScript?: (facts: unknown) => void;
}

/** One attempt: plays a WebSocket-FLV address into a video until it ends. Returns what stops it. */
export async function playFlv(video: HTMLVideoElement, url: string, options: FlvOptions): Promise<() => void> {
  const { onEnd, hasAudio = false, live = true } = options;
  const mpegts = (await import('mpegts.js')).default;
  mpegts.LoggingControl.enableAll = false;
  const player = mpegts.createPlayer({ type: 'flv', isLive: true, hasAudio, url }, tuning);
  player.on(mpegts.Events.ERROR, (type: string, detail: string, { msg = '' }: { msg?: string } = {}) =>
    onEnd(isUndecodable(detail, msg) ? 'codec' : `${type} ${detail}`),
  );
  player.on(mpegts.Events.LOADING_COMPLETE, () => onEnd('ended'));
  if (options.onScript) player.on(mpegts.Events.SCRIPTDATA_ARRIVED, options.onScript);
  player.attachMediaElement(video);
  player.load();
  void Promise.resolve(player.play()).catch(() => undefined);
  const endChase = live ? chaseLiveEdge(video) : () => undefined;
  return () => {
    endChase();
    destroy(player);
  };
}

/** The browser refuses the codec when the buffer for it is made; it does so in its own words. */
function isUndecodable(detail: string, message: string): boolean {
  return /codec/i.test(detail) || /addSourceBuffer|codec|unsupported|not supported/i.test(message);
}

const tuning = {
  enableWorker: true,
  // Every picture goes to the decoder as it comes; what is kept against jitter is the edge chaser's business.
  enableStashBuffer: false,
  lazyLoad: false,
  autoCleanupSourceBuffer: true,
  autoCleanupMaxBackwardDuration: 20,
  autoCleanupMinBackwardDuration: 8,
};

function destroy(player: Mpegts.Player): void {
  try {
    player.unload();
    player.detachMediaElement();
  } finally {
    player.destroy();
  }
}
