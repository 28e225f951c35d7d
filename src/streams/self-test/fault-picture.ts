import sharp from 'sharp';
import type { Snapshot } from '../frames/snapshot.ts';

const widest = 1_280;
const quality = 70;

/** What a camera shows now, as small as an alert's picture is; undefined when only an old one can be had. */
export async function faultPicture(take: () => Promise<Snapshot>): Promise<Uint8Array | undefined> {
  try {
    const { jpeg, live } = await take();
    if (!live) return undefined;
    const small = sharp(jpeg).resize({ width: widest, withoutEnlargement: true }).jpeg({ quality });
    return new Uint8Array(await small.toBuffer());
  } catch {
    // An alert without its picture is better than none.
    return undefined;
  }
}
