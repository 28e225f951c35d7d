import { expect, test } from 'vitest';
import type { Position } from '../../web/src/api/shapes.ts';
import { expectedCostMs, isSoftware, restMs, settleMs } from '../../web/src/map/frame-pace.ts';
import { mixed } from '../../web/src/map/mixed.ts';
import { type DrawnUnit, isVisible } from '../../web/src/map/unit-motion.ts';

test('a map rests three times as long as it draws, between a thirtieth of a second and two', () => {
  expect([1, 50, 300, 2_000].map(restMs)).toEqual([33, 150, 900, 2_000]);
});

test('data that is about to come is waited for, a sixth of a second at most', () => {
  expect([2, 100, 900].map(settleMs)).toEqual([25, 50, 150]);
});

test('one bad frame is forgotten within a few', () => {
  expect(expectedCostMs(undefined, 40)).toBe(40);
  expect([40, 40, 40, 40].reduce(expectedCostMs, 1_000)).toBe(100);
});

test('a machine without a graphics card is known by its renderer', () => {
  const without = [
    'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
    'llvmpipe (LLVM 15.0.7, 256 bits)',
    'ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0)',
  ];
  expect(without.map(isSoftware)).toEqual([true, true, true]);
  expect(['ANGLE (Intel, Mesa Intel(R) UHD Graphics 620)', 'NVIDIA GeForce', ''].map(isSoftware)).toEqual([
    false,
    false,
    false,
  ]);
});

const at: Position = { lat: 27.3, lon: 105.3 };
const unit = (more: Partial<DrawnUnit> = {}): DrawnUnit => ({ at, heading: 0, look: 'unit:free:arrow 巡7', ...more });
const east = (meters: number): Position => ({ lat: at.lat, lon: at.lon + meters / (111_195 * 0.8886) });
const seen = { pixelMeters: 10, inView: () => true };
const change = (next: DrawnUnit, sight = seen) => isVisible(new Map([['a', unit()]]), new Map([['a', next]]), sight);

test('a step under a pixel is not drawn, a pixel is', () => {
  expect(change(unit({ at: east(9) }))).toBe(false);
  expect(change(unit({ at: east(10.5) }))).toBe(true);
});

test('a turn is drawn from six degrees on, over north too', () => {
  expect([354.5, 353, 5, 6].map((heading) => change(unit({ heading })))).toEqual([false, true, false, true]);
});

test('another look, one more and one less are drawn at once, what is out of sight is not', () => {
  expect(change(unit({ look: 'unit:busy:arrow 巡7' }))).toBe(true);
  expect(change(unit({ at: east(900) }), { ...seen, inView: () => false })).toBe(false);
  expect(isVisible(new Map(), new Map([['a', unit()]]), seen)).toBe(true);
  expect(isVisible(new Map([['a', unit()]]), new Map(), seen)).toBe(true);
});

test('a veil on the land is one opaque colour, however short the token is written', () => {
  expect([0, 0.5, 1].map((share) => mixed('#0f1318', '#fff', share))).toEqual(['#0f1318', '#87898c', '#ffffff']);
});
