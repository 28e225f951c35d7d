type Dimension = 'length' | 'temperature' | 'speed' | 'pressure' | 'rate' | 'angle' | 'share';

/** How much one of it is of what its dimension is counted in, and what zero of it is. */
interface Unit {
  readonly dimension: Dimension;
  readonly factor: number;
  readonly zero: number;
}

/** `value × factor + offset` is in the other unit. */
export interface Conversion {
  readonly factor: number;
  readonly offset: number;
}

const metresPerMile = 1609.344;
const pascalsPerInchOfMercury = 3386.389;

const known: readonly (readonly [name: string, dimension: Dimension, factor: number, zero?: number])[] = [
  ['m', 'length', 1],
  ['km', 'length', 1_000],
  ['cm', 'length', 0.01],
  ['mm', 'length', 0.001],
  ['ft', 'length', 0.3048],
  ['in', 'length', 0.0254],
  ['mi', 'length', metresPerMile],
  ['m/s', 'speed', 1],
  ['km/h', 'speed', 1 / 3.6],
  ['kn', 'speed', 1852 / 3600],
  ['mph', 'speed', metresPerMile / 3600],
  ['ft/s', 'speed', 0.3048],
  ['Pa', 'pressure', 1],
  ['hPa', 'pressure', 100],
  ['kPa', 'pressure', 1_000],
  ['mbar', 'pressure', 100],
  ['bar', 'pressure', 100_000],
  ['inHg', 'pressure', pascalsPerInchOfMercury],
  ['mmHg', 'pressure', 133.322],
  ['psi', 'pressure', 6894.757],
  ['mm/h', 'rate', 1],
  ['cm/h', 'rate', 10],
  ['in/h', 'rate', 25.4],
  ['mm/min', 'rate', 60],
  ['°', 'angle', 1],
  ['rad', 'angle', 180 / Math.PI],
  ['%', 'share', 1],
  ['ratio', 'share', 100],
  ['°C', 'temperature', 1],
  ['°F', 'temperature', 5 / 9, -160 / 9],
  ['K', 'temperature', 1, -273.15],
];

const units: ReadonlyMap<string, Unit> = new Map(
  known.map(([name, dimension, factor, zero = 0]) => [name, { dimension, factor, zero }]),
);

/** What people and devices write for the same unit. */
const otherNames: Readonly<Record<string, string>> = {
  C: '°C',
  degC: '°C',
  F: '°F',
  degF: '°F',
  mps: 'm/s',
  'm/sec': 'm/s',
  kmh: 'km/h',
  kph: 'km/h',
  knot: 'kn',
  knots: 'kn',
  kt: 'kn',
  deg: '°',
  percent: '%',
  mile: 'mi',
  meter: 'm',
  foot: 'ft',
};

/** Every unit one may write, for the sentence that refuses another. */
export const unitNames: readonly string[] = [...units.keys()];

/** From a unit by name to another; undefined when one is not known, or they do not measure the same thing. */
export function conversion(from: string, to: string): Conversion | undefined {
  const source = unitNamed(from);
  const target = unitNamed(to);
  if (!source || !target || source.dimension !== target.dimension) return undefined;
  return { factor: source.factor / target.factor, offset: (source.zero - target.zero) / target.factor };
}

export function isUnit(name: string): boolean {
  return unitNamed(name) !== undefined;
}

/** The value in the other unit, without the dust of binary fractions: 62.6 °F are 17 °C. */
export function convert(value: number, { factor, offset }: Conversion): number {
  return factor === 1 && offset === 0 ? value : Number((value * factor + offset).toPrecision(12));
}

function unitNamed(name: string): Unit | undefined {
  return units.get(Object.hasOwn(otherNames, name) ? (otherNames[name] ?? name) : name);
}
