import type { Severity } from '../api/shapes.ts';
import { type PictogramName, pictograms } from '../symbols/pictograms.ts';
import { glyphPlace, severityPath } from '../symbols/severity-shape.ts';
import type { Colours } from './colours.ts';
import { type Brush, paint, type Sprite } from './paint.ts';

/** Every symbol of the map by its name: `alert:major:open:fog`, `unit:free:arrow`, `spot:stale:4`, `pill:1:fog`, `hatch:2`, `hatch:blind`, `tick`. */
export function sprite(name: string, colours: Colours): Sprite | undefined {
  const [family = '', ...rest] = name.split(':');
  return families[family]?.(rest, colours);
}

type Family = (words: readonly string[], colours: Colours) => Sprite | undefined;

const families: Record<string, Family> = {
  alert: alertSprite,
  camera: cameraSprite,
  spot: spotSprite,
  unit: unitSprite,
  pill: pillSprite,
  hatch: hatchSprite,
  leader: leaderSprite,
  tick: (_, colours) => paint([16, 5], (brush) => brush.line('M8 0V5', { stroke: colours('n10'), width: 1.4 })),
  ring: (_, colours) => paint([40, 40], (brush) => brush.circle([20, 20, 18], { stroke: colours('select'), width: 2 })),
};

const isSeverity = (word: string): word is Severity => ['info', 'minor', 'major', 'critical'].includes(word);
const isPictogram = (word: string): word is PictogramName => word in pictograms;

/** The shape stands on a leader that ends in the exact point: the anchor is the bottom. */
function alertSprite([severity = '', look = '', glyph = '']: readonly string[], colours: Colours): Sprite | undefined {
  if (!isSeverity(severity) || !isPictogram(glyph)) return undefined;
  const open = look === 'open';
  const line = colours(severity);
  const on = open ? colours(severity === 'critical' ? 'on-critical' : 'on-warm') : line;
  const fill = open ? colours(`${severity}-fill`) : colours('n1');
  return paint([40, 64], (brush) => {
    brush.line('M20 36V60', { stroke: line, width: 1.4 });
    brush.circle([20, 61, 2.4], { fill: line });
    brush.at([20, 20]).line(severityPath(severity, 16.5), { fill, stroke: open ? fill : line, width: 2 });
    pictogram(brush, glyph, { ...glyphPlace(severity, 16.5), centre: [20, 20], colour: on });
  });
}

function pictogram(
  brush: Brush,
  name: PictogramName,
  place: { x: number; y: number; scale: number; centre: readonly [number, number]; colour: string },
): void {
  const glyph: { strokes: string; solid?: string } = pictograms[name];
  const [x, y] = place.centre;
  const inside = brush.at([x + place.x, y + place.y], place.scale);
  inside.line(glyph.strokes, { stroke: place.colour, width: 1.7 });
  if (glyph.solid) inside.line(glyph.solid, { fill: place.colour });
}

function cameraSprite([look = '']: readonly string[], colours: Colours): Sprite | undefined {
  return paint([18, 18], (brush) => {
    if (look === 'online') {
      brush.circle([9, 9, 6.5], { fill: colours('n1'), stroke: colours('n8'), width: 1.5 });
      brush.circle([9, 9, 2.4], { fill: colours('n8') });
    } else if (look === 'stale') {
      brush.circle([9, 9, 6.5], { fill: colours('n1'), stroke: colours('stale'), width: 1.6, dash: [3, 2.2] });
    } else if (look === 'blind') {
      brush.circle([9, 9, 6.5], { fill: colours('n1'), stroke: colours('n8'), width: 1.5 });
      brush.line('M5.6 9H12.4', { stroke: colours('n8'), width: 1.8 });
    } else {
      brush.circle([9, 9, 6.5], { fill: colours('n1'), stroke: colours('offline'), width: 1.5 });
      brush.line('M3.6 14.4 14.4 3.6', { stroke: colours('offline'), width: 1.5 });
    }
  });
}

function spotSprite([look = '', number = '']: readonly string[], colours: Colours): Sprite | undefined {
  const fine = look === 'online';
  const colour = colours(fine ? 'act' : look === 'stale' ? 'stale' : 'offline');
  return paint([24, 24], (brush) => {
    const edge = fine
      ? { fill: colour, stroke: colours('n0'), width: 2 }
      : { fill: colours('n1'), stroke: colour, width: 1.6 };
    brush.circle([12, 12, 9], look === 'stale' ? { ...edge, dash: [3, 2.4] } : edge);
    brush.text(number, [12, 12], { fill: fine ? colours('on-act') : colour, font: `700 12px ${colours('font')}` });
  });
}

function unitSprite([look = '', shape = '']: readonly string[], colours: Colours): Sprite | undefined {
  const free = look === 'free';
  const colour = free
    ? colours('live')
    : look === 'stale'
      ? colours('stale')
      : colours(look === 'off' ? 'offline' : 'n9');
  const fill = free ? colour : colours('n1');
  const dash = look === 'stale' ? { dash: [3, 2.4] } : {};
  const stroke = { fill, stroke: free ? colours('n0') : colour, width: free ? 1.4 : 1.8, ...dash };
  return paint([26, 28], (brush) => {
    if (shape === 'arrow') brush.at([13, 14]).line('M0 -11L8.4 9L0 4.6L-8.4 9Z', stroke);
    else brush.circle([13, 14, 7], stroke);
    if (look === 'scene') brush.circle([13, 14.5, 2.2], { fill: colour });
    if (look === 'off') brush.line('M5 22 21 6', { stroke: colour, width: 1.6 });
  });
}

/** Stretches to its text between the pictogram and the right cap. */
function pillSprite([tier = '', glyph = '']: readonly string[], colours: Colours): Sprite | undefined {
  if (!isPictogram(glyph)) return undefined;
  const colour = pillColour(tier, colours);
  const made = paint([60, 24], (brush) => {
    const edge = tier === '0' ? colours('n5') : colour;
    brush.line('M12 1H48A11 11 0 0 1 48 23H12A11 11 0 0 1 12 1Z', {
      fill: colours('n2'),
      stroke: edge,
      width: tier === '0' ? 1.2 : 1.6,
      ...(tier === 'stale' && { dash: [3, 2.4] }),
    });
    pictogram(brush, glyph, { x: 0, y: 0, scale: 0.81, centre: [9, 5.5], colour });
  });
  return made && { ...made, stretch: { x: [30, 44], content: [25, 2, 52, 22] } };
}

function pillColour(tier: string, colours: Colours): string {
  if (tier === 'stale') return colours('stale');
  return tier === '0' ? colours('n9') : colours(`tier-${tier}`);
}

/** Down from the station to its pill; longer under a tier's pill, which has to clear an alert. */
function leaderSprite([tier = '']: readonly string[], colours: Colours): Sprite | undefined {
  const calm = tier === '0';
  return paint([8, 100], (brush) => {
    brush.line(calm ? 'M4 50V72' : 'M4 50V92', {
      stroke: calm ? colours('n8') : pillColour(tier, colours),
      width: 1.2,
    });
    brush.circle([4, 50, 2.6], { fill: calm ? colours('n8') : pillColour(tier, colours) });
  });
}

function hatchSprite([tier = '']: readonly string[], colours: Colours): Sprite | undefined {
  return paint([12, 12], (brush) => {
    // A blind sector lies on the hatch of the fog that blinds it: it has to be told from that.
    const isBlind = tier === 'blind';
    const stroke = { stroke: colours(isBlind ? 'n8' : `tier-${tier}`), width: 1.5, opacity: isBlind ? 0.6 : 0.34 };
    brush.line(isBlind ? 'M-3 3 9 15M-3 -3 15 15M3 -3 15 9' : 'M-3 9 9 -3M-3 15 15 -3M3 15 15 3', stroke);
  });
}
