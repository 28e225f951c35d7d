export interface Stroke {
  readonly fill?: string;
  readonly stroke?: string;
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly opacity?: number;
}

export interface Brush {
  /** The same brush with its origin moved and its units scaled. */
  at(origin: readonly [x: number, y: number], scale?: number): Brush;
  line(path: string, look: Stroke): void;
  circle(place: readonly [x: number, y: number, r: number], look: Stroke): void;
  text(words: string, centre: readonly [x: number, y: number], look: { fill: string; font: string }): void;
}

/** Pixels at twice the size on the map; `stretch` in the map's pixels. */
export interface Sprite {
  readonly image: ImageData;
  readonly stretch?: {
    readonly x: readonly [number, number];
    readonly content: readonly [number, number, number, number];
  };
}

export const spriteRatio = 2;

/** Draws a symbol of the given width and height in the map's pixels. */
export function paint([width, height]: readonly [number, number], draw: (brush: Brush) => void): Sprite | undefined {
  const canvas = document.createElement('canvas');
  canvas.width = width * spriteRatio;
  canvas.height = height * spriteRatio;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  draw(brushOn(context, new DOMMatrix([spriteRatio, 0, 0, spriteRatio, 0, 0])));
  return { image: context.getImageData(0, 0, canvas.width, canvas.height) };
}

function brushOn(context: CanvasRenderingContext2D, matrix: DOMMatrix): Brush {
  const within = (draw: () => void) => {
    context.save();
    context.setTransform(matrix);
    draw();
    context.restore();
  };
  return {
    at: ([x, y], scale = 1) => brushOn(context, matrix.translate(x, y).scale(scale)),
    line: (path, look) => within(() => stroke(context, new Path2D(path), look)),
    circle: ([x, y, r], look) =>
      within(() => {
        const path = new Path2D();
        path.arc(x, y, r, 0, 2 * Math.PI);
        stroke(context, path, look);
      }),
    text: (words, [x, y], { fill, font }) =>
      within(() => {
        context.font = font;
        context.fillStyle = fill;
        context.textAlign = 'center';
        context.textBaseline = 'middle';
        context.fillText(words, x, y + 0.6);
      }),
  };
}

function stroke(context: CanvasRenderingContext2D, path: Path2D, look: Stroke): void {
  context.globalAlpha = look.opacity ?? 1;
  context.lineCap = look.dash ? 'butt' : 'round';
  context.lineJoin = 'round';
  if (look.fill) {
    context.fillStyle = look.fill;
    context.fill(path);
  }
  if (look.stroke) {
    context.strokeStyle = look.stroke;
    context.lineWidth = look.width ?? 1;
    context.setLineDash([...(look.dash ?? [])]);
    context.stroke(path);
  }
}
