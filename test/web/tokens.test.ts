import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../../web/src/tokens.css', import.meta.url), 'utf8');
const tokens = new Map([...css.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]));

type Triple = readonly [number, number, number];
const rgb = (name: string): Triple => {
  const hex = tokens.get(name);
  if (!hex) throw new Error(`tokens.css has no --${name}`);
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return [part(1), part(3), part(5)];
};
const map3 = ([a, b, c]: Triple, change: (value: number) => number): Triple => [change(a), change(b), change(c)];
const linear = (name: string) => map3(rgb(name), (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));

/** WCAG 2 contrast. */
function contrast(a: string, b: string): number {
  const light = (name: string) => {
    const [r, g, blue] = linear(name);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue + 0.05;
  };
  return Math.max(light(a), light(b)) / Math.min(light(a), light(b));
}

/** Machado 2009, severity 1: linear RGB as seen with each kind of colour vision. */
const vision: Record<string, readonly [Triple, Triple, Triple]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function lab(name: string, rows: readonly [Triple, Triple, Triple]): Triple {
  const [lr, lg, lb] = linear(name);
  const seen = (row: Triple) => Math.min(1, Math.max(0, row[0] * lr + row[1] * lg + row[2] * lb));
  const [r, g, b] = [seen(rows[0]), seen(rows[1]), seen(rows[2])];
  const cube = (v: number) => (v > 0.008856 ? Math.cbrt(v) : 7.787 * v + 16 / 116);
  const x = cube((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = cube(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = cube((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const surfaces = ['n1', 'n2', 'n3'];
const texts = [
  'n7',
  'n8',
  'n9',
  'n10',
  'critical',
  'major',
  'minor',
  'info',
  'live',
  'online',
  'stale',
  'offline',
  'act',
];
const areas = [
  ['on-critical', 'critical-fill'],
  ['on-warm', 'major-fill'],
  ['on-warm', 'minor-fill'],
  ['on-warm', 'info-fill'],
  ['on-act', 'act-fill'],
  ['on-act', 'live'],
  ['n7', 'n4'],
  ['n8', 'n4'],
  ['act', 'act-tint'],
  ['n7', 'act-tint'],
  ['n8', 'act-tint'],
  ['n8', 'critical-tint'],
  ['n8', 'major-tint'],
  ['n8', 'minor-tint'],
  ['critical', 'critical-tint'],
  ['major', 'major-tint'],
  ['minor', 'minor-tint'],
] as const;

test.each(texts.flatMap((text) => surfaces.map((surface) => [text, surface] as const)))(
  '%s is text on %s: 4.5',
  (text, surface) => {
    expect(contrast(text, surface)).toBeGreaterThanOrEqual(4.5);
  },
);

test.each(areas)('%s is text on %s: 4.5', (text, area) => {
  expect(contrast(text, area)).toBeGreaterThanOrEqual(4.5);
});

test.each(surfaces)('control outlines stand out from %s: 3', (surface) => {
  expect(contrast('n6', surface)).toBeGreaterThanOrEqual(3);
});

test.each(Object.entries(vision))('the seven meanings are clearly other colours in %s vision: 20', (_, rows) => {
  const meanings = ['critical', 'major', 'minor', 'info', 'live', 'stale', 'act'];
  const pairs = meanings.flatMap((a, index) => meanings.slice(index + 1).map((b) => [a, b] as const));
  for (const [a, b] of pairs) {
    const [one, other] = [lab(a, rows), lab(b, rows)];
    const distance = Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
    expect(distance, `${a} and ${b}`).toBeGreaterThanOrEqual(20);
  }
});

test('the figures of the specification hold', () => {
  const stated = [
    ['critical', 'n1', 6.11],
    ['major', 'n2', 7.48],
    ['minor', 'n3', 12.06],
    ['on-critical', 'critical-fill', 5.34],
    ['n7', 'n4', 4.54],
    ['act', 'act-tint', 5.21],
  ] as const;
  for (const [a, b, ratio] of stated) expect(contrast(a, b)).toBeCloseTo(ratio, 2);
});
