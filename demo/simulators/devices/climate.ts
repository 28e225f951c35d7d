/** What a weather station measures: m, °C, m/s, per cent, mm/h. */
export interface Weather {
  readonly visibility: number;
  readonly temperature: number;
  readonly wind: number;
  readonly humidity: number;
  readonly rain: number;
}

const fogFromSeconds = 10;
const fogToSeconds = 25;
const clearMeters = 900;
const fogMeters = 180;

/** How much of the fog reaches the neighbours of the station in its middle. */
const share = new Map([
  ['ws05', 0.45],
  ['ws06', 1],
  ['ws07', 0.55],
]);

/** The weather at a station, `seconds` after the demo began: smooth, and the same each time it is asked. */
export function weatherAt(station: string, seconds: number): Weather {
  const phase = [...station].reduce((sum, sign) => sum * 31 + sign.charCodeAt(0), 7) % 997;
  const wave = (period: number, size: number) => Math.sin((seconds / period + phase) * 2 * Math.PI * 0.618) * size;
  const fog = (share.get(station) ?? 0) * fogDensity(seconds);
  const clear = share.has(station) ? clearMeters : 2_600 + (phase % 7) * 300;
  return {
    visibility: Math.round((clear + wave(41, clear * 0.03)) * (1 - fog) + (fogMeters + wave(17, 6)) * fog),
    temperature: rounded(5.5 - (phase % 5) * 0.4 + wave(300, 0.6) - 0.8 * fog),
    wind: rounded(Math.max(0, 2.4 + wave(60, 1.1) + wave(13, 0.4) - fog)),
    humidity: Math.round(Math.min(100, 84 + wave(200, 4) + 14 * fog)),
    rain: rounded(Math.max(0, wave(500, 0.3))),
  };
}

/** 0 in clear air, 1 in the thick of it. */
function fogDensity(seconds: number): number {
  return Math.max(0, Math.min(1, (seconds - fogFromSeconds) / (fogToSeconds - fogFromSeconds)));
}

const rounded = (value: number) => Number(value.toFixed(1));
