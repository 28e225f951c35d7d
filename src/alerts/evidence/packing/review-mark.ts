import sharp from 'sharp';
import { AppError } from '../../../shared/app-error.ts';

/** Nothing could be written on the picture: a copy that says nothing of itself is none. */
export class UnmarkedCopyError extends AppError {
  readonly code = 'EVIDENCE_UNMARKED';
  override readonly statusCode = 503;

  constructor() {
    super('the watermark could not be drawn: install a font (fonts-noto-cjk or fonts-dejavu)');
  }
}

/** Who looks at a copy, since when and what for. */
export interface ReviewWords {
  readonly requester: string;
  readonly at: Date;
  readonly purpose: string;
}

/** Larger than any copy is made; what stands over its edge is cut off. */
export const markSize = { width: 1_280, height: 1_280 } as const;
const step = { x: 300, y: 130 } as const;
const mostLetters = 24;

/** A PNG to lay over pictures: the words all over it, pale enough to see through. Throws UnmarkedCopyError. */
export async function reviewMark(words: ReviewWords): Promise<Buffer> {
  const { width, height } = markSize;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g font-family="sans-serif"
    font-size="17" font-weight="bold" fill="#fff" fill-opacity="0.5" stroke="#000" stroke-opacity="0.45"
    stroke-width="0.6">${tilesOf(linesOf(words))}</g></svg>`;
  const png = await sharp(Buffer.from(svg)).png().toBuffer();
  const { channels } = await sharp(png).stats();
  // A machine without a font draws nothing and says nothing.
  if (channels[3]?.max === 0) throw new UnmarkedCopyError();
  return png;
}

/** The picture, no larger than the mark, under it. */
export async function markedPicture(jpeg: Uint8Array, mark: Buffer): Promise<Uint8Array> {
  const small = await sharp(jpeg)
    .autoOrient()
    .resize({ ...markSize, fit: 'inside', withoutEnlargement: true })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = small.info;
  const cut = await sharp(mark).extract({ left: 0, top: 0, width, height }).toBuffer();
  const marked = sharp(small.data).composite([{ input: cut }]);
  return new Uint8Array(await marked.jpeg({ quality: 82 }).toBuffer());
}

function linesOf({ requester, at, purpose }: ReviewWords): string[] {
  return ['审阅副本 REVIEW COPY', `${requester} ${at.toISOString().slice(0, 16)}Z`, purpose].map((line) =>
    escaped([...line].slice(0, mostLetters).join('')),
  );
}

function tilesOf(lines: readonly string[]): string {
  const tiles: string[] = [];
  for (let y = 0; y < markSize.height; y += step.y)
    for (let x = (y / step.y) % 2 === 0 ? 8 : 80 - step.x; x < markSize.width; x += step.x)
      tiles.push(...lines.map((line, index) => `<text x="${x}" y="${y + 24 * (index + 1)}">${line}</text>`));
  return tiles.join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Nothing that somebody typed is read as a part of the drawing, nor is what XML cannot hold. */
function escaped(text: string): string {
  return text.replaceAll(/\p{Cc}|\p{Cs}/gu, ' ').replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? '');
}
