import { mix } from './colour.ts';
import { height, width } from './perspective.ts';

export interface Sky {
  readonly top: string;
  readonly low: string;
  readonly horizon: number;
}

/** The evening sky, lighter towards the horizon, and the ground below it. */
export function sky({ top, low, horizon }: Sky, ground: readonly [string, string]): string {
  return `<defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${low}"/></linearGradient>
    <linearGradient id="ground" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${ground[0]}"/><stop offset="0.35" stop-color="${ground[1]}"/></linearGradient>
    </defs>
    <rect width="${width}" height="${horizon + 2}" fill="url(#sky)"/>
    <rect y="${horizon}" width="${width}" height="${height - horizon}" fill="url(#ground)"/>`;
}

export interface Ridge {
  readonly base: number;
  readonly rise: number;
  readonly seed: number;
  readonly colour: string;
  /** Tilts the ridge: positive rises to the right. */
  readonly slope?: number;
}

function profile(x: number, seed: number): number {
  const wave = (length: number, shift: number) => Math.sin((x / length) * 2 * Math.PI + seed * shift);
  const broad = wave(900, 1.7) * 0.5 + wave(430, 3.1) * 0.3;
  return 0.55 + broad * 0.55 + wave(170, 5.3) * 0.11 + wave(67, 2.3) * 0.045 + wave(29, 7.9) * 0.02;
}

/** One chain of mountains, darker at the crest than in the mist at its foot. */
export function ridge({ base, rise, seed, colour, slope = 0 }: Ridge): string {
  const crest = Array.from({ length: 161 }, (_, step) => {
    const x = step * 8;
    const y = base - rise * profile(x, seed) - slope * (x / width - 0.5);
    return `${x},${y.toFixed(1)}`;
  });
  const id = `ridge${seed}`;
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${colour}"/><stop offset="1" stop-color="${mix(colour, '#8b939b', 0.45)}"/></linearGradient>
    <polygon points="0,${base + 40} ${crest.join(' ')} ${width},${base + 40}" fill="url(#${id})"/>`;
}

/** What a lens does to the corners. */
export function vignette(): string {
  return `<radialGradient id="corner" cx="0.5" cy="0.45" r="0.78"><stop offset="0.55" stop-color="#05070a" stop-opacity="0"/><stop offset="1" stop-color="#05070a" stop-opacity="0.5"/></radialGradient>
    <rect width="${width}" height="${height}" fill="url(#corner)"/>`;
}

export function frame(body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`;
}
