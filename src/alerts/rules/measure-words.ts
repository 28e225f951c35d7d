interface MeasureWords {
  readonly name: string;
  readonly unit: string;
}

/** What sensors commonly measure, as a seat reads it, in SI units as the readings come. */
const known: Readonly<Record<string, MeasureWords>> = {
  visibility: { name: '能见度', unit: 'm' },
  temperature: { name: '气温', unit: '°C' },
  roadTemperature: { name: '路面温度', unit: '°C' },
  dewPoint: { name: '露点', unit: '°C' },
  humidity: { name: '湿度', unit: '%' },
  wind: { name: '风速', unit: 'm/s' },
  gust: { name: '阵风', unit: 'm/s' },
  rain: { name: '雨强', unit: 'mm/h' },
  snow: { name: '降雪', unit: 'mm/h' },
  pressure: { name: '气压', unit: 'Pa' },
  waterFilm: { name: '水膜厚度', unit: 'mm' },
  waterLevel: { name: '水位', unit: 'm' },
  battery: { name: '电量', unit: '%' },
};

/** The rule's own words come first; a measure nobody has named is called as its readings call it. */
export function measureWords(rule: {
  readonly measure: string;
  readonly name?: string | undefined;
  readonly unit?: string | undefined;
}): MeasureWords {
  const found = Object.hasOwn(known, rule.measure) ? known[rule.measure] : undefined;
  return { name: rule.name ?? found?.name ?? rule.measure, unit: rule.unit ?? found?.unit ?? '' };
}

/** 12.3 m; at most two decimals. */
export function figure(value: number, unit: string): string {
  const shown = Number(value.toFixed(2));
  return unit === '' ? `${shown}` : `${shown} ${unit}`;
}
