const two = (value: number) => String(value).padStart(2, '0');

/** Clock of this machine's zone, 02:47:18. */
export function clockText(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Elapsed or remaining time, 0:18, 12:20, 1:02:20; never less than zero. */
export function elapsedText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** 180 m, 1.2 km. */
export function lengthText(meters: number): string {
  return meters < 1000 ? `${Math.round(meters)} m` : `${(meters / 1000).toFixed(1)} km`;
}

/** Round trip: 12 ms, 1.2 s. */
export function latencyText(ms: number): string {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Age of a picture or a position: 0.3 s, 12 s, then 0:38 from a minute on. */
export function ageText(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  return ms < 60_000 ? `${Math.floor(ms / 1000)} s` : elapsedText(ms);
}

/** The tier that a visibility holds: 1 under 200 m, 2 under 100 m, 3 under 50 m, 0 none. */
export function visibilityTier(meters: number | undefined): 0 | 1 | 2 | 3 {
  if (meters === undefined || meters >= 200) return 0;
  if (meters >= 100) return 1;
  return meters >= 50 ? 2 : 3;
}
