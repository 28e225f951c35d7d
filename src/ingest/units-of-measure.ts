/** Of what devices commonly measure; anything else has no unit we know of. */
const units: Readonly<Record<string, string>> = {
  visibility: 'm',
  temperature: '°C',
  roadTemperature: '°C',
  dewPoint: '°C',
  humidity: '%',
  wind: 'm/s',
  gust: 'm/s',
  windDirection: '°',
  rain: 'mm/h',
  snow: 'mm/h',
  pressure: 'Pa',
  waterFilm: 'mm',
  waterLevel: 'm',
  lat: '°',
  lon: '°',
  speed: 'm/s',
  heading: '°',
  accuracy: 'm',
  battery: '%',
  mileage: 'm',
  sos: 's',
};

/** The unit of a measurement; empty when it is not known. */
export function unitOf(measurement: string): string {
  return Object.hasOwn(units, measurement) ? (units[measurement] ?? '') : '';
}
