import sharp from 'sharp';
import { expect, test } from 'vitest';
import { ageText, bandShare, bandTexts, burnAge } from '../../../src/streams/frames/age-band.ts';
import { writeStrokes } from '../../../src/streams/frames/stroke-letters.ts';

test.each([
  [-3, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3_599, '59 min'],
  [3_600, '1 h'],
  [47 * 3_600, '47 h'],
  [48 * 3_600, '2 d'],
])('%d seconds are %s', (seconds, expected) => {
  expect(ageText(seconds)).toBe(expected);
});

test('what the band says has a letter for every character, and no two letters look alike', () => {
  const [age, time] = bandTexts(new Date(2026, 0, 2, 3, 4), '12 min');
  expect([age, time]).toEqual(['无信号 · 12 min', '2026-01-02 03:04']);
  const alphabet = [...new Set('无信号0123456789sminhd:-·')];
  const written = alphabet.map((letter) => writeStrokes(letter).svg);
  expect(new Set(written).size).toBe(alphabet.length);
  expect(written).not.toContain('');
  expect(writeStrokes('12').width).toBeGreaterThan(writeStrokes('1').width);
});

/** The grey values of the rows of a picture, from one part of its height to another. */
async function rows(jpeg: Buffer, from: number, to: number): Promise<number[]> {
  const { data, info } = await sharp(jpeg).grayscale().raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray(Math.round(from * info.height) * info.width, Math.round(to * info.height) * info.width)];
}

test.each([
  [1280, 720],
  [320, 240],
  [64, 64],
])(
  'a band over the lower edge of a %dx%d picture is dark and written on; the rest is as it was',
  async (width, height) => {
    const background = { r: 120, g: 160, b: 200 };
    const plain = await sharp({ create: { width, height, channels: 3, background } })
      .jpeg()
      .toBuffer();
    const burnt = await burnAge(plain, bandTexts(new Date(), '12 min'));
    expect(await sharp(burnt).metadata()).toMatchObject({ format: 'jpeg', width, height });
    const share = Math.max(12, Math.round(height * bandShare)) / height;
    const band = await rows(burnt, 1 - share + 0.01, 1);
    const median = band.toSorted((a, b) => a - b)[Math.floor(band.length / 2)] ?? 255;
    expect(median).toBeLessThan(70);
    expect(Math.max(...band.slice(0, 20_000))).toBeGreaterThan(140);
    const above = await rows(burnt, 0, 1 - share - 0.13);
    expect(Math.min(...above.slice(0, 20_000))).toBeGreaterThan(130);
  },
);

test('another age makes another picture', async () => {
  const plain = await sharp({ create: { width: 640, height: 360, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer();
  const at = new Date();
  const [one, two] = await Promise.all(['1 min', '2 min'].map((age) => burnAge(plain, bandTexts(at, age))));
  expect(one?.equals(two ?? Buffer.alloc(0))).toBe(false);
});
