import type { InputForm, ModelForm } from './model-form.ts';

export type Square = Pick<InputForm, 'room' | 'layout' | 'dtype'>;

const smallest = 32;
const largest = 2_048;

/** The one square picture a model takes; `freeSize` where it takes any. Undefined when it takes something else. */
export function squareOf({ inputs }: ModelForm, freeSize?: number): Square | undefined {
  const [input] = inputs;
  if (inputs.length !== 1 || input?.shape.length !== 4) return undefined;
  const [batch = 0, one = 0, two = 0, three = 0] = input.shape;
  const layout = three === 3 ? 'nhwc' : 'nchw';
  const [rows, columns, colours] = layout === 'nhwc' ? [one, two, three] : [two, three, one];
  const size = sideOf(rows, columns, freeSize);
  if (size === undefined || colours !== 3 || Math.abs(batch) !== 1) return undefined;
  return { room: { width: size, height: size }, layout, dtype: input.dtype === 'int32' ? 'int32' : 'float32' };
}

function sideOf(rows: number, columns: number, freeSize?: number): number | undefined {
  const size = rows === -1 ? freeSize : rows;
  const isOne = rows === columns && size !== undefined && size >= smallest && size <= largest;
  return isOne ? size : undefined;
}
