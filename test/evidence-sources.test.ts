import { expect, test } from 'vitest';
import type { Assignment } from '../src/dispatch/incidents/assignment.ts';
import type { SeriesQuery } from '../src/dispatch/unit-tracks.ts';
import { boundSpan, type EvidenceHouse, evidenceSources } from '../src/evidence-sources.ts';
import type { Device } from '../src/ingest/device.ts';
import { systemActor } from '../src/shared/actor.ts';
import { incidentOf } from './dispatch/incidents/incident-fixtures.ts';

const at = (minute: number) => `2026-11-26T08:${String(minute).padStart(2, '0')}:00.000Z`;
const now = new Date(at(50));

function assignmentOf(changes: Partial<Assignment>): Assignment {
  return { id: 'a1', unit: 'xun7', state: 'dispatched', by: '席1', at: at(0), acceptBy: at(1), times: {}, ...changes };
}

const sensorOf = (id: string, lat: number): Device => ({
  ...{ id, kind: 'sensor', name: id, online: true, position: { lat, lon: 105.29 } },
  values: { visibility: 180, temperature: 2 },
});

/** Telemetry that has a value every minute of everything, and remembers what it was asked. */
function openHouse(assignments: Assignment[]) {
  const asked: SeriesQuery[] = [];
  const house: EvidenceHouse = {
    recorder: { originals: async () => [], clip: () => Promise.reject(new Error('no clip')) },
    book: {
      get: async () => incidentOf({ assignments, photos: ['p1'] }),
      timeline: async () => [],
      photo: async () => new Uint8Array(),
    },
    units: { terminalOf: (unit) => `radio-${unit}` },
    ingest: {
      query: async (query) => {
        asked.push(query);
        const rows = [];
        for (let ms = query.from; ms < query.to; ms += 60_000) rows.push({ at: ms, value: 27 });
        return rows.slice(0, query.limit);
      },
      registry: { list: () => [sensorOf('near', 27.31), sensorOf('far', 28), sensorOf('told', 29)] },
    },
  };
  return { sources: evidenceSources(house), asked };
}

test('a unit is bound from when it was sent until it was done, declined or taken back, or until now', () => {
  const ends = [{}, { completed: at(30) }, { declined: at(2) }, { recalled: at(9), accepted: at(1) }].map(
    (times) => boundSpan(assignmentOf({ times }), now).to,
  );
  expect(ends.map((end) => end.toISOString())).toEqual([at(50), at(30), at(2), at(9)]);
});

test('of a unit only its way while it was bound goes into evidence', async () => {
  const { sources, asked } = openHouse([assignmentOf({ times: { completed: at(10) } })]);
  const { tracks, photos, id } = await sources.incident('i1', systemActor);
  expect({ id, photos }).toEqual({ id: 'i1', photos: ['p1'] });
  const points = Array.from({ length: 10 }, (_, minute) => ({ at: new Date(at(minute)), lat: 27, lon: 27 }));
  expect(tracks).toMatchObject([{ assignment: 'a1', unit: 'xun7', points }]);
  const span = { device: 'radio-xun7', from: Date.parse(at(0)), to: Date.parse(at(10)) };
  expect(asked).toMatchObject([
    { ...span, measurement: 'lat' },
    { ...span, measurement: 'lon' },
  ]);
});

test('what was measured beside it and by whoever told of it is in; what is far away is not', async () => {
  const { sources } = openHouse([]);
  const span = { from: new Date(at(0)), to: new Date(at(5)) };
  const series = await sources.measured({ sensors: ['told'], position: { lat: 27.3, lon: 105.29 }, ...span });
  expect(series.map(({ sensor, measure }) => `${sensor} ${measure}`)).toEqual([
    ...['near visibility', 'near temperature', 'told visibility', 'told temperature'],
  ]);
  expect(series[0]?.points).toEqual([0, 1, 2, 3, 4].map((minute) => [minute * 60_000, 27]));
});
