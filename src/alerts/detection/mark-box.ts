import type { UnitBox } from './model.ts';

/** The wall's critical colour, `#ff5a60`. */
const critical = [0xff, 0x5a, 0x60] as const;
/** Of the thin line between the corners. */
const thinOpacity = 0.75;

interface Picture {
  /** Three bytes a pixel, rows from the top. */
  readonly rgb: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Edges in pixels; right and bottom are the first beyond. */
interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Draws a thin box with strong corners into the picture, a little outside the figure so that it hides nothing. */
export function markBox(picture: Picture, box: UnitBox): void {
  const outline = outlineOf(picture, box);
  const thick = Math.max(2, Math.round(picture.height / 200));
  for (const edge of edgesOf(outline, Math.max(1, Math.round(thick / 3)))) paint(picture, edge, thinOpacity);
  const arm = Math.round(Math.min(outline.right - outline.left, outline.bottom - outline.top) * 0.28);
  for (const edge of edgesOf(outline, thick))
    for (const end of endsOf(edge, Math.max(arm, thick))) paint(picture, end, 1);
}

function outlineOf({ width, height }: Picture, { x, y, width: across, height: down }: UnitBox): Rectangle {
  const margin = Math.round(height * 0.011);
  const [left, top] = [Math.max(0, Math.round(x * width) - margin), Math.max(0, Math.round(y * height) - margin)];
  return {
    left,
    top,
    right: Math.max(left + 1, Math.min(width, Math.round((x + across) * width) + margin)),
    bottom: Math.max(top + 1, Math.min(height, Math.round((y + down) * height) + margin)),
  };
}

function edgesOf({ left, top, right, bottom }: Rectangle, thick: number): Rectangle[] {
  return [
    { left, top, right, bottom: top + thick },
    { left, top: bottom - thick, right, bottom },
    { left, top, right: left + thick, bottom },
    { left: right - thick, top, right, bottom },
  ];
}

/** Both ends of an edge, each so long. */
function endsOf(edge: Rectangle, arm: number): Rectangle[] {
  const { left, top, right, bottom } = edge;
  return right - left > bottom - top
    ? [
        { ...edge, right: Math.min(right, left + arm) },
        { ...edge, left: Math.max(left, right - arm) },
      ]
    : [
        { ...edge, bottom: Math.min(bottom, top + arm) },
        { ...edge, top: Math.max(top, bottom - arm) },
      ];
}

function paint({ rgb, width, height }: Picture, { left, top, right, bottom }: Rectangle, opacity: number): void {
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y += 1)
    for (let x = Math.max(0, left); x < Math.min(width, right); x += 1)
      critical.forEach((part, colour) => {
        const at = (y * width + x) * 3 + colour;
        rgb[at] = Math.round((rgb[at] ?? 0) * (1 - opacity) + part * opacity);
      });
}
