import { expect, test } from 'vitest';
import type { Scene } from '../../demo/draw/scene.ts';
import { bridge } from '../../demo/draw/scenes/bridge.ts';
import { curve } from '../../demo/draw/scenes/curve.ts';
import { fog } from '../../demo/draw/scenes/fog.ts';
import { pedestrian } from '../../demo/draw/scenes/pedestrian.ts';
import { traffic } from '../../demo/draw/scenes/traffic.ts';
import { tunnel } from '../../demo/draw/scenes/tunnel.ts';

const scenes: Scene[] = [traffic, tunnel, pedestrian, curve, fog, bridge];

test.each(scenes)('$name loops without a seam and writes no text, which would need a font', (scene) => {
  const numbers = (svg: string) => svg.match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  const [first, last] = [numbers(scene.moving(0)), numbers(scene.moving(scene.seconds))];
  expect(last).toHaveLength(first.length);
  expect(last.every((number, index) => Math.abs(number - (first[index] ?? 0)) < 1)).toBe(true);
  expect(scene.still() + scene.moving(1)).not.toContain('<text');
  expect(scene.seconds * 15).toSatisfy((frames: number) => frames % 15 === 0);
});
