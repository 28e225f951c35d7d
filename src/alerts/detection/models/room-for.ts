import type { Cut } from '../cut.ts';
import type { Room } from '../letterbox.ts';
import type { Adapter } from './model-form.ts';

/** Every network of this kind halves its picture five times. */
const step = 32;

/** The room for a picture: the model's square, or, of one that takes any size, only as much as the picture fills. */
export function roomFor({ width, height }: Pick<Cut, 'width' | 'height'>, adapter: Adapter, size: number): Room {
  const { room } = adapter.input;
  if (!adapter.sizes) return room;
  const scale = stepsOf(size) / Math.max(width, height);
  return { width: stepsOf(width * scale), height: stepsOf(height * scale) };
}

function stepsOf(pixels: number): number {
  return Math.max(1, Math.ceil(pixels / step - 0.01)) * step;
}
