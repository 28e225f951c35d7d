import type Mpegts from 'mpegts.js';

export interface FlvEnds {
  readonly onEnd: (cause: string) => void;
}

/** True when this browser decodes H.265 handed over as it is in the stream. */
export function playsH265(): boolean {
  return globalThis.MediaSource?.isTypeSupported('video/mp4; codecs="hvc1.1.6.L93.B0"') ?? false;
}

/** One attempt: plays a WebSocket-FLV address into a video until it ends. Returns what stops it. */
export async function playFlv(video: HTMLVideoElement, url: string, ends: FlvEnds): Promise<() => void> {
  const mpegts = (await import('mpegts.js')).default;
  mpegts.LoggingControl.enableAll = false;
  const player = mpegts.createPlayer({ type: 'flv', isLive: true, hasAudio: false, url }, liveTuning);
  player.on(mpegts.Events.ERROR, (type: string, detail: string) => ends.onEnd(`${type} ${detail}`));
  player.on(mpegts.Events.LOADING_COMPLETE, () => ends.onEnd('ended'));
  player.attachMediaElement(video);
  player.load();
  void Promise.resolve(player.play()).catch(() => undefined);
  return () => destroy(player);
}

/** Keeps 0.02 to 0.5 s behind the camera by playing faster, never by jumping. */
const liveTuning = {
  enableWorker: true,
  enableStashBuffer: false,
  lazyLoad: false,
  liveSync: true,
  liveSyncMaxLatency: 0.6,
  liveSyncTargetLatency: 0.25,
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
