import type { Corners } from '../letterbox.ts';
import { bestClass } from './best-class.ts';
import {
  type Adapter,
  type Answer,
  asBytes,
  type Found,
  type ModelForm,
  type TensorForm,
  type Wanted,
} from './model-form.ts';
import { squareOf } from './square-input.ts';
import { suppress } from './suppress.ts';

/** The side an SSD of the COCO zoo scales its picture to itself. */
const ownSize = 300;
const mostOverlap = 0.5;

/**
 * Scores [1, N, classes] and boxes [1, N, 1, 4] as top, left, bottom, right in shares of the picture, before any
 * suppression: how COCO-SSD answers.
 */
export function ssdAdapter(form: ModelForm, freeSize = ownSize): Adapter | undefined {
  const square = squareOf(form, freeSize);
  const boxes = form.outputs.find(isBoxes);
  const scores = form.outputs.find((output) => output !== boxes && output.shape.length === 3);
  if (!square || !boxes || !scores) return undefined;
  const find = ([one, other]: readonly Answer[], wanted: Wanted) =>
    one && other ? suppress(findScores(one, other, wanted), mostOverlap) : [];
  return { name: 'ssd', input: { ...square, ...asBytes }, outputs: [scores.name, boxes.name], find };
}

function isBoxes({ shape }: TensorForm): boolean {
  return shape.at(-1) === 4 && (shape.length === 3 || (shape.length === 4 && shape[2] === 1));
}

/** The likeliest class of each box. */
function findScores(scores: Answer, boxes: Answer, { minScore, room }: Wanted): Found[] {
  const classes = scores.shape.at(-1) ?? 1;
  const count = Math.min(Math.floor(scores.data.length / classes), Math.floor(boxes.data.length / 4));
  const found: Found[] = [];
  for (let box = 0; box < count; box++) {
    const best = bestClass(scores.data, { from: box * classes, classes, minScore });
    if (!best) continue;
    const [top = 0, left = 0, bottom = 0, right = 0] = Array.from({ length: 4 }, (_, i) => boxes.data[box * 4 + i]);
    const corners: Corners = [left * room.width, top * room.height, right * room.width, bottom * room.height];
    if (corners.every(Number.isFinite)) found.push({ corners, ...best });
  }
  return found;
}
