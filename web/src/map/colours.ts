import type { ExpressionSpecification } from 'maplibre-gl';

/** The system's fonts for the map's labels; MapLibre reads the weight off the first name. */
export function labelFont(colours: Colours, weight: 'Regular' | 'Bold'): string[] {
  const families = colours('font')
    .split(',')
    .map((family) => family.replaceAll('"', '').trim());
  return [weight, ...families];
}

/** The tokens as values, for what is painted and not styled. */
export type Colours = (token: string) => string;

/** The colour of a feature by its `severity`. */
export function severityColour(colours: Colours): ExpressionSpecification {
  const loud = { critical: colours('critical'), major: colours('major'), minor: colours('minor') };
  return [
    'match',
    ['get', 'severity'],
    'critical',
    loud.critical,
    'major',
    loud.major,
    'minor',
    loud.minor,
    colours('info'),
  ];
}
