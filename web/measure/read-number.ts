/** The numbered clip's marks: a row of 16 blocks at the top, eight for the bits of the number, eight for their opposites. */
const blocks = 16;
const rowHeight = 0.25;

/** The number drawn in a picture; undefined when the blocks contradict each other. */
export function readNumber({ data, width, height }: ImageData): number | undefined {
  const light = Array.from({ length: blocks }, (_, block) => {
    const x = Math.floor(((block + 0.5) * width) / blocks);
    const y = Math.floor((height * rowHeight) / 2);
    return (data[(y * width + x) * 4 + 1] ?? 0) > 127;
  });
  const half = blocks / 2;
  if (light.slice(0, half).some((bit, index) => bit === light[half + index])) return undefined;
  return light.slice(0, half).reduce((number, bit) => number * 2 + (bit ? 1 : 0), 0);
}
