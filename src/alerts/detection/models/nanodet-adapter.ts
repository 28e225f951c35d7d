import type { Corners } from '../letterbox.ts';
import { bestClass } from './best-class.ts';
import type { Adapter, Answer, Found, InputForm, ModelForm, TensorForm, Wanted } from './model-form.ts';
import { squareOf } from './square-input.ts';
import { suppress } from './suppress.ts';

const mostOverlap = 0.6;
/** A distance is told as a distribution over so many steps, four of them a box. */
const fewestBins = 4;
const mostBins = 32;

/** Per grid of cells the scores [1, cells, classes] and how far each side is away [1, cells, 4 × bins], as NanoDet answers. */
export function nanodetAdapter(form: ModelForm, classes: number): Adapter | undefined {
  const square = squareOf(form);
  const grids = form.outputs
    .filter(({ shape }) => shape.length === 3 && shape[2] === classes)
    .flatMap((scores) => gridOf(scores, form));
  if (!square || grids.length === 0) return undefined;
  const find = (answers: readonly Answer[], wanted: Wanted) => {
    const found = grids.flatMap((_, index) => {
      const [scores, distances] = [answers[2 * index], answers[2 * index + 1]];
      return scores && distances ? findCells(scores, distances, wanted) : [];
    });
    return suppress(found, mostOverlap);
  };
  return {
    name: 'nanodet',
    input: { ...square, ...pixels },
    outputs: grids.flat(),
    find,
  };
}

/** Bytes as the model was trained on them. */
const pixels: Pick<InputForm, 'colours' | 'mean' | 'deviation'> = {
  colours: 'bgr',
  mean: [103.53, 116.28, 123.675],
  deviation: [57.375, 57.12, 58.395],
};

function gridOf(scores: TensorForm, { outputs }: ModelForm): [scores: string, distances: string][] {
  const [, cells = 0, classes = 0] = scores.shape;
  const distances = outputs.find(
    ({ shape: [, count, width = 0] }) =>
      count === cells && width !== classes && width % 4 === 0 && width >= 4 * fewestBins && width <= 4 * mostBins,
  );
  return distances && Number.isInteger(Math.sqrt(cells)) ? [[scores.name, distances.name]] : [];
}

function findCells(scores: Answer, distances: Answer, { minScore, room }: Wanted): Found[] {
  const classes = scores.shape[2] ?? 1;
  const width = distances.shape[2] ?? 0;
  const side = Math.round(Math.sqrt(scores.shape[1] ?? 0));
  const found: Found[] = [];
  for (let cell = 0; cell < side * side; cell++) {
    const best = bestClass(scores.data, { from: cell * classes, classes, minScore });
    if (!best) continue;
    const corners = cornersOf(distances.data, { cell, width, side, size: room.width });
    if (corners.every(Number.isFinite)) found.push({ corners, ...best });
  }
  return found;
}

interface Cell {
  readonly cell: number;
  readonly width: number;
  readonly side: number;
  readonly size: number;
}

function cornersOf(data: ArrayLike<number>, { cell, width, side, size }: Cell): Corners {
  const step = size / side;
  const bins = width / 4;
  const [x, y] = [((cell % side) + 0.5) * step, (Math.floor(cell / side) + 0.5) * step];
  const [left = 0, top = 0, right = 0, bottom = 0] = [0, 1, 2, 3].map(
    (edge) => expected(data, cell * width + edge * bins, bins) * step,
  );
  return [x - left, y - top, x + right, y + bottom];
}

/** The mean of a distribution that is told as logits. */
function expected(data: ArrayLike<number>, from: number, bins: number): number {
  const logits = Array.from({ length: bins }, (_, index) => data[from + index] ?? Number.NaN);
  const top = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - top));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.reduce((mean, weight, index) => mean + (weight / sum) * index, 0);
}
