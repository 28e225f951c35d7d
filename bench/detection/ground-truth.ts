import { readFile } from 'node:fs/promises';
import type { UnitBox } from '../../src/alerts/detection/model.ts';

/** The picture from 0, and left, top, right and bottom in its pixels. */
export type DrawnBox = readonly [picture: number, left: number, top: number, right: number, bottom: number];

/** One thing through a clip: where it was drawn, and from which to which picture it has to be found. */
export interface DrawnThing {
  readonly label: string;
  readonly asked: readonly [first: number, last: number];
  readonly boxes: readonly DrawnBox[];
}

export interface ClipTruth {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly picturesPerSecond: number;
  readonly pictures: number;
  readonly things: readonly DrawnThing[];
}

/** What is to be seen at one moment. What is not asked for is hardly to be seen: who finds it is right, who does not, too. */
export interface Truth {
  readonly label: string;
  readonly box: UnitBox;
  readonly isAsked: boolean;
}

/** What was drawn by hand on `../shared/footage`. */
export async function footageTruth(): Promise<readonly ClipTruth[]> {
  const file: { clips: ClipTruth[] } = JSON.parse(await readFile(new URL('./footage.json', import.meta.url), 'utf8'));
  return file.clips;
}

/** All that is to be seen in a picture of the clip. */
export function truthAt(clip: ClipTruth, picture: number): Truth[] {
  return clip.things.flatMap(({ label, asked: [first, last], boxes }) => {
    const box = boxAt(boxes, picture);
    return box ? [{ label, box: unitBox(box, clip), isAsked: picture >= first && picture <= last }] : [];
  });
}

type Edges = readonly [left: number, top: number, right: number, bottom: number];

function boxAt(boxes: readonly DrawnBox[], picture: number): Edges | undefined {
  const next = boxes.findIndex(([at]) => at >= picture);
  const [after, before] = [boxes[next], boxes[next - 1]];
  if (!after || (after[0] > picture && !before)) return undefined;
  const [from, ...start] = before ?? after;
  const [to, ...end] = after;
  const share = to === from ? 1 : (picture - from) / (to - from);
  const [left, top, right, bottom] = start;
  const mean = (was: number, is: number) => was + (is - was) * share;
  return [mean(left, end[0]), mean(top, end[1]), mean(right, end[2]), mean(bottom, end[3])];
}

function unitBox([left, top, right, bottom]: Edges, { width, height }: ClipTruth): UnitBox {
  return { x: left / width, y: top / height, width: (right - left) / width, height: (bottom - top) / height };
}
