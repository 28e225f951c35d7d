import type { CsvShape } from '../shared/csv-source.ts';

const words = (text: string) => text.split(/[\s;]+/).filter((word) => word !== '');

/** The columns that a CSV file of cameras may have, in any order; `tags` are parted by blanks or semicolons. */
export const cameraCsv: CsvShape = {
  list: 'cameras',
  columns: {
    id: { path: ['id'] },
    name: { path: ['name'] },
    source: { path: ['source'] },
    substream: { path: ['substream'] },
    transport: { path: ['transport'] },
    username: { path: ['username'] },
    password: { path: ['password'] },
    lat: { path: ['position', 'lat'], read: numberOf },
    lon: { path: ['position', 'lon'], read: numberOf },
    datum: { path: ['position', 'datum'] },
    bearing: { path: ['view', 'bearing'], read: numberOf },
    angle: { path: ['view', 'angle'], read: numberOf },
    range: { path: ['view', 'range'], read: numberOf },
    area: { path: ['area'] },
    tags: { path: ['tags'], read: words },
    road: { path: ['road', 'id'] },
    stake: { path: ['road', 'stake'] },
    carriageway: { path: ['road', 'carriageway'] },
    record: { path: ['record'], read: yesOrNo },
  },
};

/** What is no number stays text, for the schema to say what was expected. */
function numberOf(text: string): number | string {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function yesOrNo(text: string): boolean | string {
  return text === 'true' || (text === 'false' ? false : text);
}
