interface Glyph {
  readonly width: number;
  /** An SVG path of strokes in a box 10 high. */
  readonly path: string;
}

/** Drawn here, so that a machine without any font can write on a picture. */
const glyphs: Readonly<Record<string, Glyph>> = {
  无: { width: 10, path: 'M2 1.6H8M1 4.4H9M5 1.6V4.4Q4.8 8 1.2 9.4M6 4.4V8.4Q6 9.2 6.9 9.2H9V7.6' },
  信: { width: 10, path: 'M3 .8L.9 4.6M2.1 3V9.6M6.2.6L6.8 1.5M4 2.4H9.4M4.8 4H8.7M4.8 5.5H8.7M4.8 7.1H8.7V9.3H4.8Z' },
  号: { width: 10, path: 'M3 1H7V3.4H3ZM1 5H9M4 5L3.5 6.7H7.5V8.5Q7.5 9.5 5.8 9.3' },
  0: { width: 5, path: 'M1 1H4V9H1Z' },
  1: { width: 4, path: 'M1 2.6L2.6 1V9' },
  2: { width: 5, path: 'M1 1H4V5H1V9H4' },
  3: { width: 5, path: 'M1 1H4V9H1M1.6 5H4' },
  4: { width: 5, path: 'M1 1V5H4M4 1V9' },
  5: { width: 5, path: 'M4 1H1V5H4V9H1' },
  6: { width: 5, path: 'M4 1H1V9H4V5H1' },
  7: { width: 5, path: 'M1 1H4L2.2 9' },
  8: { width: 5, path: 'M1 1H4V9H1ZM1 5H4' },
  9: { width: 5, path: 'M4 5H1V1H4V9H1' },
  d: { width: 5, path: 'M4 1V9H1V4.4H4' },
  h: { width: 5, path: 'M1 1V9M1 5.4Q1.6 4.4 2.6 4.4Q4 4.4 4 5.8V9' },
  i: { width: 2, path: 'M1 4.4V9M1 2V2.1' },
  m: { width: 7.2, path: 'M1 9V4.4M1 5.4Q1.5 4.4 2.4 4.4Q3.6 4.4 3.6 5.6V9M3.6 5.4Q4.1 4.4 5 4.4Q6.2 4.4 6.2 5.6V9' },
  n: { width: 5, path: 'M1 9V4.4M1 5.6Q1.6 4.4 2.6 4.4Q4 4.4 4 5.8V9' },
  s: { width: 5, path: 'M4 4.4H1V6.7H4V9H1' },
  ':': { width: 2, path: 'M1 3.4V3.5M1 7.4V7.5' },
  '-': { width: 4, path: 'M.8 5H3.2' },
  '·': { width: 2, path: 'M1 5V5.1' },
  ' ': { width: 2.4, path: '' },
};

const gap = 1;

export interface Written {
  /** In units of a tenth of the letters' height. */
  readonly width: number;
  /** SVG of strokes without colour, 10 units high. */
  readonly svg: string;
}

/** A line of the letters that exist: digits, `:-·` and the few letters of an age. Others are left out. */
export function writeStrokes(text: string): Written {
  let width = 0;
  let svg = '';
  for (const letter of text) {
    const glyph = glyphs[letter];
    if (!glyph) continue;
    if (glyph.path) svg += `<path transform="translate(${width.toFixed(1)} 0)" d="${glyph.path}"/>`;
    width += glyph.width + gap;
  }
  return { width: Math.max(0, width - gap), svg };
}
