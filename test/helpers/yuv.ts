/** A decoded picture. */
export interface Yuv {
  readonly width: number;
  readonly height: number;
  readonly yuv: Uint8Array;
}

/** From black at 0 to white at 255, as a decoder writes it. */
export const brightness = (level: number) => Math.round(16 + (level * 219) / 255);

/** Without colours, as bright as `levelAt` says of each pixel. */
export function greyPicture(width: number, height: number, levelAt: number | ((x: number, y: number) => number)): Yuv {
  const yuv = new Uint8Array((width * height * 3) / 2).fill(128, width * height);
  if (typeof levelAt === 'number') return { width, height, yuv: yuv.fill(brightness(levelAt), 0, width * height) };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) yuv[y * width + x] = brightness(levelAt(x, y));
  return { width, height, yuv };
}
