import type { Pixel } from './perspective.ts';

/** A person on foot, 100 units tall with the feet at 0,0; `stride` runs from 0 to 1 over two steps. */
export interface Walker {
  readonly foot: Pixel;
  readonly heightPixels: number;
  readonly stride: number;
  readonly facing: 'left' | 'right';
}

interface Limb {
  readonly colour: string;
  readonly breadth: number;
}

function limb(joints: readonly (readonly [number, number])[], { colour, breadth }: Limb): string {
  const path = joints.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join('L');
  return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="${breadth}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

const skin = '#b58f77';
const trousers = '#1b2028';
const trousersShade = '#14181e';
const sleeve = '#2f3947';

function legSide(swing: number, colour: string): string {
  const knee: [number, number] = [swing * 8 + 2, -27];
  const ankle: [number, number] = [swing * 15 - (swing < 0 ? 2 : 0), -4 - Math.max(0, -swing) * 3];
  return (
    limb([[0, -50], knee, ankle], { colour, breadth: 8.4 }) +
    limb(
      [
        [ankle[0], ankle[1] + 2.2],
        [ankle[0] + 5, ankle[1] + 2.4],
      ],
      { colour: '#15181c', breadth: 3.6 },
    )
  );
}

function armSide(swing: number, colour: string): string {
  const elbow: [number, number] = [swing * -7 - 1, -65];
  const wrist: [number, number] = [swing * -11 + 3, -51];
  return (
    limb([[0, -79], elbow, wrist], { colour, breadth: 5.6 }) +
    `<circle cx="${wrist[0].toFixed(1)}" cy="-48.6" r="2.6" fill="${skin}"/>`
  );
}

function sideways(stride: number): string {
  const wave = Math.sin(stride * 2 * Math.PI);
  const swing = Math.sign(wave) * Math.abs(wave) ** 0.8;
  return (
    armSide(-swing, '#252d38') +
    legSide(-swing, trousersShade) +
    legSide(swing, trousers) +
    `<path d="M-7.5 -82 C-3 -87 5 -87 7.8 -81 L8.2 -48 L-7.6 -48Z" fill="#96422c"/>
    <path d="M-7.5 -64.5h15.4v4h-15.4zM-7.6 -57h15.6v3.6h-15.6z" fill="#b4b8b0"/>` +
    armSide(swing, sleeve) +
    `<path d="M-2 -85 L-1.6 -90 L3 -90 L2.6 -85Z" fill="#9c7862"/><ellipse cx="1" cy="-92.6" rx="5.4" ry="6.5" fill="${skin}"/>
    <path d="M-4.8 -90 C-6.4 -101 5.6 -101.4 6 -95 C3 -97 0 -96 -1 -93 L-2.4 -89Z" fill="#1d1b1b"/><path d="M6 -92.6 L7.4 -90.8 L6 -90.4Z" fill="${skin}"/>`
  );
}

/** The figure with its soft shadow, from the side: seen from the front, the default model takes the vest for a traffic light. */
export function walker({ foot, heightPixels, stride, facing }: Walker): string {
  const scale = heightPixels / 100;
  const flip = facing === 'left' ? -1 : 1;
  return `<g transform="translate(${foot.x.toFixed(2)} ${foot.y.toFixed(2)}) scale(${(scale * flip).toFixed(4)} ${scale.toFixed(4)})">
    <ellipse cx="3" cy="-0.5" rx="17" ry="3.4" fill="#0d1013" fill-opacity="0.45"/>${sideways(stride)}</g>`;
}
