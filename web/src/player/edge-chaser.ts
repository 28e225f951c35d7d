import { faltered, liveEdge, paceFor, steadied } from './live-edge.ts';

/** Received and not yet shown, in seconds. */
export function secondsAhead({ buffered, currentTime }: HTMLVideoElement): number {
  return buffered.length > 0 ? Math.max(0, buffered.end(buffered.length - 1) - currentTime) : 0;
}

/** So long after it begins or comes back into view a player may jump: milliseconds. */
const freshMs = 1_500;

/** Keeps a video at the newest picture: by a little speed, by a jump when nobody sees it. Returns what stops it. */
export function chaseLiveEdge(video: HTMLVideoElement): () => void {
  let edge = liveEdge(performance.now());
  let freshUntil: number | undefined;
  const isFresh = (now: number) => {
    freshUntil ??= now + freshMs;
    return now < freshUntil;
  };
  const keep = () => {
    if (video.seeking || video.buffered.length === 0) return;
    const now = performance.now();
    edge = steadied(edge, now);
    const pace = paceFor(edge, secondsAhead(video) * 1_000, isFresh(now));
    if (pace.kind === 'play') setRate(video, pace.rate);
    else video.currentTime = video.buffered.end(video.buffered.length - 1) - pace.beforeEndMs / 1_000;
  };
  const falter = () => {
    const now = performance.now();
    if (!isFresh(now) && !video.seeking) edge = faltered(edge, now);
  };
  const seen = () => {
    if (!document.hidden) freshUntil = undefined;
    keep();
  };
  // `progress` comes with data, `timeupdate` four times a second while it plays.
  const listeners = [
    [video, 'progress', keep],
    [video, 'timeupdate', keep],
    [video, 'canplay', keep],
    [video, 'waiting', falter],
    [document, 'visibilitychange', seen],
  ] as const;
  for (const [target, name, listen] of listeners) target.addEventListener(name, listen);
  return () => {
    for (const [target, name, listen] of listeners) target.removeEventListener(name, listen);
    setRate(video, 1);
  };
}

function setRate(video: HTMLVideoElement, rate: number): void {
  if (video.playbackRate !== rate) video.playbackRate = rate;
}
