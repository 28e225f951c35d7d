import type { InputForm } from './model-form.ts';

/** A square of bytes, red, green and blue of each pixel, as the numbers a model wants in the order it wants them. */
export function pictureInput(square: Float32Array<ArrayBuffer>, form: InputForm): Float32Array | Int32Array {
  const isPlain = form.mean.every((mean) => mean === 0) && form.deviation.every((deviation) => deviation === 1);
  const numbers = isPlain && form.layout === 'nhwc' && form.colours === 'rgb' ? square : arranged(square, form);
  return form.dtype === 'int32' ? Int32Array.from(numbers, Math.round) : numbers;
}

function arranged(square: Float32Array, { layout, colours, mean, deviation }: InputForm): Float32Array {
  const pixels = square.length / 3;
  const [step, plane] = layout === 'nhwc' ? [3, 1] : [1, pixels];
  const numbers = new Float32Array(square.length);
  for (let channel = 0; channel < 3; channel++) {
    const from = colours === 'rgb' ? channel : 2 - channel;
    const shift = mean[channel] ?? 0;
    const scale = 1 / (deviation[channel] ?? 1);
    for (let pixel = 0; pixel < pixels; pixel++)
      numbers[pixel * step + channel * plane] = ((square[pixel * 3 + from] ?? 0) - shift) * scale;
  }
  return numbers;
}
