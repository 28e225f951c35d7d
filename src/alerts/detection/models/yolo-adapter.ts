import type { Corners } from '../letterbox.ts';
import { type Adapter, type Answer, asShares, type Found, type ModelForm, type Wanted } from './model-form.ts';
import { squareOf } from './square-input.ts';
import { suppress } from './suppress.ts';

const usualSize = 640;
const mostOverlap = 0.45;
/** Every picture has an anchor wider than so many pixels; shares of it never are. */
const mostShare = 2;

/**
 * One output of boxes as middle, width and height, in pixels or in shares of the square: [1, N, 5 + classes] with a score
 * that there is anything at all, as YOLOv5 exports it, or [1, 4 + classes, N] without, as YOLOv8 and later.
 */
export function yoloAdapter(form: ModelForm, classes: number, freeSize = usualSize): Adapter | undefined {
  const square = squareOf(form, freeSize);
  const output = form.outputs.find(({ shape }) => shape.length === 3 && shape[0] !== 0 && layoutOf(shape, classes));
  if (!square || !output) return undefined;
  const find = ([answer]: readonly Answer[], wanted: Wanted) => {
    const layout = answer && layoutOf(answer.shape, classes);
    if (!answer || !layout) return [];
    return suppress(findBoxes({ ...layout, data: answer.data }, wanted), mostOverlap);
  };
  return { name: 'yolo', input: { ...square, ...asShares }, outputs: [output.name], find };
}

/** Where the numbers of a box are: `step` apart from one box to the next, `stride` from one number to the next. */
interface Layout {
  readonly count: number;
  readonly step: number;
  readonly stride: number;
  readonly classes: number;
  readonly hasPresence: boolean;
}

/** Whichever side is 5 or 4 longer than there are classes tells the numbers of one box. */
function layoutOf([, rows = 0, columns = 0]: readonly number[], classes: number): Layout | undefined {
  const byRow = { count: rows, step: columns, stride: 1, classes };
  const byColumn = { count: columns, step: 1, stride: columns, classes };
  if (columns === 5 + classes) return { ...byRow, hasPresence: true };
  if (rows === 4 + classes) return { ...byColumn, hasPresence: false };
  if (columns === 4 + classes) return { ...byRow, hasPresence: false };
  if (rows === 5 + classes) return { ...byColumn, hasPresence: true };
  return undefined;
}

interface Boxes extends Layout {
  readonly data: ArrayLike<number>;
}

function findBoxes(boxes: Boxes, { minScore, room }: Wanted): Found[] {
  const [across, down] = isInShares(boxes) ? [room.width, room.height] : [1, 1];
  const found: Found[] = [];
  for (let box = 0; box < boxes.count; box++) {
    const best = bestClass(boxes, box);
    if (!(best.score >= minScore && best.score <= 1)) continue;
    const [x, width] = [at(boxes, box, 0) * across, at(boxes, box, 2) * across];
    const [y, height] = [at(boxes, box, 1) * down, at(boxes, box, 3) * down];
    const corners: Corners = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
    if (corners.every(Number.isFinite)) found.push({ corners, ...best });
  }
  return found;
}

function bestClass(boxes: Boxes, box: number): { readonly kind: number; readonly score: number } {
  const first = boxes.hasPresence ? 5 : 4;
  let kind = -1;
  let score = 0;
  for (let each = 0; each < boxes.classes; each++) {
    const value = at(boxes, box, first + each);
    if (value > score) [kind, score] = [each, value];
  }
  return { kind, score: boxes.hasPresence ? score * at(boxes, box, 4) : score };
}

function isInShares(boxes: Boxes): boolean {
  for (let box = 0; box < boxes.count; box++)
    if (at(boxes, box, 2) > mostShare || at(boxes, box, 3) > mostShare) return false;
  return true;
}

function at({ data, step, stride }: Boxes, box: number, index: number): number {
  return data[box * step + index * stride] ?? Number.NaN;
}
