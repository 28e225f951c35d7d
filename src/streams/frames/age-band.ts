import sharp from 'sharp';
import { writeStrokes } from './stroke-letters.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** How old a picture is, in the unit somebody would say: `42 s`, `12 min`, `5 h`, `3 d`. */
export function ageText(seconds: number): string {
  if (seconds < minute) return `${Math.max(0, Math.floor(seconds))} s`;
  if (seconds < hour) return `${Math.floor(seconds / minute)} min`;
  if (seconds < 2 * day) return `${Math.floor(seconds / hour)} h`;
  return `${Math.floor(seconds / day)} d`;
}

/** What is written on the picture of a camera without signal: how old it is, and when it was taken by the server's clock. */
export function bandTexts(at: Date, age: string): readonly [string, string] {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return [`无信号 · ${age}`, `${date} ${two(at.getHours())}:${two(at.getMinutes())}`];
}

/** The band's part of the picture's height. */
export const bandShare = 0.08;

/** The picture with a dark band along its lower edge that says it is old, and how old. Rejects when it is no picture. */
export async function burnAge(jpeg: Buffer, texts: readonly [string, string]): Promise<Buffer> {
  const picture = sharp(jpeg);
  const { width, height } = await picture.metadata();
  const band = Buffer.from(bandSvg(width, Math.max(12, Math.round(height * bandShare)), texts));
  return await picture
    .composite([{ input: band, gravity: 'south' }])
    .jpeg({ quality: 85 })
    .toBuffer();
}

function bandSvg(width: number, height: number, [left, right]: readonly [string, string]): string {
  const [age, time] = [writeStrokes(left), writeStrokes(right)];
  const margin = height * 0.25;
  const scale = Math.min(height * 0.055, (width - 2 * margin) / age.width);
  const place = (x: number, svg: string) =>
    `<g transform="translate(${x} ${(height - 10 * scale) / 2}) scale(${scale})">${svg}</g>`;
  const timeAt = width - margin - time.width * scale;
  const hasRoom = timeAt > margin + (age.width + 10) * scale;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="#000" fill-opacity=".72"/>` +
    '<g fill="none" stroke="#fff" stroke-width="1" stroke-linecap="round" stroke-linejoin="round">' +
    `${place(margin, age.svg)}${hasRoom ? place(timeAt, time.svg) : ''}</g></svg>`
  );
}
