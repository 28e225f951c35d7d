import sharp from 'sharp';
import { PhotoInvalidError } from './incident-errors.ts';

const longestSide = 1_920;
const mostPixels = 50_000_000;

/** The picture as a JPEG of ours: upright, of a size for a screen, and without what its camera wrote beside it. */
export async function photoJpeg(picture: Uint8Array): Promise<Uint8Array> {
  // Anything but bytes would be options to the library.
  if (!(picture instanceof Uint8Array)) throw new PhotoInvalidError();
  try {
    const image = sharp(picture, { limitInputPixels: mostPixels, failOn: 'error' }).autoOrient();
    const { format } = await image.metadata();
    if (format !== 'jpeg' && format !== 'png' && format !== 'webp') throw new PhotoInvalidError();
    const shown = image.resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true });
    return new Uint8Array(await shown.flatten({ background: 'white' }).jpeg({ quality: 82, mozjpeg: true }).toBuffer());
  } catch (cause) {
    if (cause instanceof PhotoInvalidError) throw cause;
    throw new PhotoInvalidError({ cause });
  }
}
