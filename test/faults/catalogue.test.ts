import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSmallSite } from '../helpers/small-site.ts';

const count = 25_000;

const yaml = () => {
  const entries = Array.from({ length: count }, (_, index) => {
    const { lat, lon, stake } = placeOf(index);
    return `  - id: cam-${index}\n    source: rtsp://10.1.${index >> 8}.${index & 255}/main\n    position: { lat: ${lat}, lon: ${lon} }\n    area: a${index % 50}\n    tags: [road]\n    road: { id: G76, stake: "${stake}" }\n`;
  });
  return { 'cameras.yaml': `cameras:\n${entries.join('')}` };
};

const csv = () => {
  const rows = Array.from({ length: count }, (_, index) => {
    const { lat, lon, stake } = placeOf(index);
    return `cam-${index},rtsp://10.1.${index >> 8}.${index & 255}/main,${lat},${lon},a${index % 50},road,G76,${stake}`;
  });
  const header = 'id,source,lat,lon,area,tags,road,stake';
  return { 'cameras.yaml': 'include: [cameras.csv]\n', 'cameras.csv': [header, ...rows].join('\n') };
};

function placeOf(index: number) {
  const stake = `K${1_400 + (index % 100)}+${String(index % 1_000).padStart(3, '0')}`;
  return { lat: (27 + index / 1e5).toFixed(5), lon: (105 + index / 1e5).toFixed(5), stake };
}

function residentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1_000);
}

test.each([
  ['cameras.yaml', yaml],
  ['a CSV file', csv],
])(
  '25,000 cameras of %s: the server starts, lists, filters, draws and is asked for one of them',
  async (from, files) => {
    await using site = await openSmallSite();
    for (const [name, text] of Object.entries(files())) await writeFile(join(site.config, name), text);
    const startedAt = performance.now();
    await using server = await site.start();
    const figures: Record<string, string> = { ready: `${((performance.now() - startedAt) / 1_000).toFixed(1)} s` };
    const caller = await server.admin();
    const ask = async (path: string) => {
      await caller.fetch(path);
      const askedAt = performance.now();
      const answer = await (await caller.fetch(path)).text();
      figures[path] = `${Math.round(performance.now() - askedAt)} ms, ${Math.round(answer.length / 1_000)} KB`;
      return JSON.parse(answer);
    };
    expect((await ask('/api/v1/cameras?limit=100')).items).toHaveLength(100);
    expect((await ask('/api/v1/cameras?q=cam-2499')).items).toHaveLength(11);
    expect((await ask('/api/v1/cameras?area=a7&cursor=cam-2&limit=1000')).items.length).toBeGreaterThan(0);
    expect((await ask('/api/v1/cameras?bbox=105,27,105.01,27.01')).items).toHaveLength(100);
    expect((await ask('/api/v1/cameras/cam-24999')).id).toBe('cam-24999');
    expect((await ask('/api/v1/cameras.geojson')).features).toHaveLength(count);
    figures.memory = `${residentMegabytes(server.program.pid)} MB`;
    console.log(`25,000 cameras of ${from}:`, figures);
  },
);
