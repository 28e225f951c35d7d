/** What the n-th report of a device says; `index` is its number among all devices. */
export interface CountyReport {
  readonly topic: string;
  readonly payload: object;
}

/** Each at a place of its own, a metre or so on each time, up the road and down again. */
export function placeOf(index: number, n: number): { readonly lat: number; readonly lon: number } {
  const lat = 27 + (index % 40) / 100 + Math.abs((n % 1_000) - 500) / 1e5;
  return { lat: Number(lat.toFixed(6)), lon: Number((105 + Math.floor(index / 40) / 100).toFixed(6)) };
}

export function reportOf(id: string, index: number, n: number): CountyReport {
  const at = new Date().toISOString();
  if (id.startsWith('terminal')) {
    const payload = { at, ...placeOf(index, n), speed: 12.5, heading: n % 360, battery: 80 };
    return { topic: `tianliang/terminals/${id}/position`, payload };
  }
  const topic = `tianliang/sensors/${id}/reading`;
  if (id.startsWith('sensor')) return { topic, payload: { at, values: { level: (n % 100) / 10, temperature: 12.5 } } };
  const values = { visibility: 5_000 + (n % 100), temperature: 12.5, humidity: 70, wind: (n % 50) / 10 };
  return { topic, payload: { at, values } };
}
