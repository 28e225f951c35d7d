import { type Air, hazeShare, inAir } from './colour.ts';
import { points, project, scaleAt, type View } from './perspective.ts';
import { polygon } from './road.ts';

export interface Vehicle {
  readonly kind: 'car' | 'van' | 'lorry';
  readonly colour: string;
  /** Seen from behind with tail lights, or from the front with headlights. */
  readonly shows: 'tail' | 'front';
  readonly side: number;
  /** Distance of its nearest face. */
  readonly away: number;
}

interface Box {
  readonly halfWidth: number;
  readonly up: readonly [number, number];
  /** From the nearest face, in metres. */
  readonly reach: readonly [number, number];
  readonly colour: string;
}

interface Look {
  readonly view: View;
  readonly air: Air;
}

const shade = { top: 0.12, side: 0.42 };

function boxes({ kind, colour, shows }: Vehicle): Box[] {
  if (kind === 'lorry') {
    const load: Box = { halfWidth: 1.25, up: [0.95, 3.9], reach: shows === 'tail' ? [0, 9] : [2.4, 11.4], colour };
    const cab: Box = {
      halfWidth: 1.2,
      up: [0.5, 2.9],
      reach: shows === 'tail' ? [9.3, 11.4] : [0, 2.1],
      colour: '#5d666f',
    };
    const frame: Box = { halfWidth: 1.1, up: [0.45, 0.95], reach: [0.1, 11], colour: '#24282c' };
    return shows === 'tail' ? [cab, frame, load] : [frame, load, cab];
  }
  const tall = kind === 'van' ? 1.25 : 0.86;
  const body: Box = { halfWidth: 0.92, up: [0.3, tall], reach: [0, 4.4], colour };
  const cabin: Box = {
    halfWidth: 0.78,
    up: [tall, tall + 0.62],
    reach: kind === 'van' ? [0.1, 3.4] : [0.9, 3.1],
    colour: '#2a3138',
  };
  return [body, cabin];
}

function box(vehicle: Vehicle, { view, air }: Look, { halfWidth, up, reach, colour }: Box): string {
  const [near, far] = [vehicle.away + reach[0], vehicle.away + reach[1]];
  const [left, right] = [vehicle.side - halfWidth, vehicle.side + halfWidth];
  const [low, high] = up;
  const tone = (share: number) => inAir({ ...air, clearMeters: air.clearMeters }, darker(colour, share), near);
  const flank = vehicle.side + view.bend(near) > view.offsetMeters ? left : right;
  return [
    polygon(
      view,
      [
        { side: flank, up: low, away: near },
        { side: flank, up: low, away: far },
        { side: flank, up: high, away: far },
        { side: flank, up: high, away: near },
      ],
      tone(shade.side),
    ),
    polygon(
      view,
      [
        { side: left, up: high, away: near },
        { side: left, up: high, away: far },
        { side: right, up: high, away: far },
        { side: right, up: high, away: near },
      ],
      tone(-shade.top),
    ),
    polygon(
      view,
      [
        { side: left, up: low, away: near },
        { side: left, up: high, away: near },
        { side: right, up: high, away: near },
        { side: right, up: low, away: near },
      ],
      tone(0.08),
    ),
  ].join('');
}

function darker(hex: string, share: number): string {
  const value = Number.parseInt(hex.slice(1), 16);
  const part = (shift: number) => {
    const channel = (value >> shift) & 255;
    const moved = share >= 0 ? channel * (1 - share) : channel + (255 - channel) * -share;
    return Math.round(moved).toString(16).padStart(2, '0');
  };
  return `#${part(16)}${part(8)}${part(0)}`;
}

function lamp(vehicle: Vehicle, { view, air }: Look, offset: number): string {
  const up = vehicle.kind === 'lorry' ? 0.85 : 0.68;
  const { x, y } = project(view, { side: vehicle.side + offset, up, away: vehicle.away });
  const size = scaleAt(view, vehicle.away);
  const glow = 1 - hazeShare(air, vehicle.away) * 0.55;
  if (vehicle.shows === 'tail') {
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${Math.max(2.2, size * 0.34).toFixed(1)}" fill="#ff3b30" fill-opacity="${(0.22 * glow).toFixed(2)}"/>
      <rect x="${(x - size * 0.15).toFixed(1)}" y="${(y - size * 0.09).toFixed(1)}" width="${Math.max(1.4, size * 0.3).toFixed(1)}" height="${Math.max(1.2, size * 0.18).toFixed(1)}" fill="#e8382f" fill-opacity="${glow.toFixed(2)}"/>`;
  }
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${Math.max(4, size * 0.62).toFixed(1)}" fill="#fff6dc" fill-opacity="${(0.2 * glow).toFixed(2)}"/>
    <circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${Math.max(1.6, size * 0.17).toFixed(1)}" fill="#fffaf0" fill-opacity="${glow.toFixed(2)}"/>`;
}

function shadow({ side, away, kind }: Vehicle, view: View): string {
  const length = kind === 'lorry' ? 11.4 : 4.5;
  const corners = [
    { side: side - 1.15, up: 0, away: away - 0.35 },
    { side: side - 1.15, up: 0, away: away + length },
    { side: side + 1.15, up: 0, away: away + length },
    { side: side + 1.15, up: 0, away: away - 0.35 },
  ];
  return `<polygon points="${points(corners.map((corner) => project(view, corner)))}" fill="#0b0d10" fill-opacity="0.5"/>`;
}

function wheels(vehicle: Vehicle, { view, air }: Look): string {
  const breadth = vehicle.kind === 'lorry' ? 0.95 : 0.72;
  const up = vehicle.kind === 'lorry' ? 0.7 : 0.4;
  const colour = inAir(air, '#14171a', vehicle.away);
  return [-1, 1]
    .map((hand) => {
      const [inner, outer] = [vehicle.side + hand * (breadth - 0.28), vehicle.side + hand * breadth];
      const { away } = vehicle;
      return polygon(
        view,
        [
          { side: inner, up: 0, away },
          { side: inner, up, away },
          { side: outer, up, away },
          { side: outer, up: 0, away },
        ],
        colour,
      );
    })
    .join('');
}

function face(vehicle: Vehicle, look: Look): string {
  const { away, kind } = vehicle;
  const plate = (
    half: number,
    [low, high]: readonly [number, number],
    { colour, back = 0 }: { colour: string; back?: number },
  ) => polygon(look.view, upright(vehicle, half, { low, high, back }), inAir(look.air, colour, away));
  if (kind === 'lorry' && vehicle.shows === 'tail') {
    return plate(0.02, [1, 3.85], { colour: '#4b5258' }) + plate(1.2, [0.5, 0.72], { colour: '#30363b' });
  }
  if (kind === 'lorry') return plate(1.05, [1.75, 2.6], { colour: '#39434c' });
  const tall = kind === 'van' ? 1.25 : 0.86;
  const back = kind === 'van' ? 0.1 : 0.9;
  return (
    plate(0.68, [tall + 0.08, tall + 0.52], { colour: '#39434c', back }) +
    plate(0.3, [0.45, 0.58], { colour: '#b9bdbe' })
  );
}

function upright(
  { side, away }: Vehicle,
  half: number,
  { low, high, back }: { low: number; high: number; back: number },
) {
  const corner = (hand: 1 | -1, up: number) => ({ side: side + hand * half, up, away: away + back });
  return [corner(-1, low), corner(-1, high), corner(1, high), corner(1, low)];
}

/** A vehicle of a few boxes, far ones in the colour of the air. */
export function vehicle(what: Vehicle, look: Look): string {
  const lampAt = what.kind === 'lorry' ? 0.98 : 0.7;
  const [first, ...rest] = boxes(what);
  return [
    shadow(what, look.view),
    wheels(what, look),
    first ? box(what, look, first) : '',
    ...rest.map((part) => box(what, look, part)),
    face(what, look),
    lamp(what, look, -lampAt),
    lamp(what, look, lampAt),
  ].join('');
}
