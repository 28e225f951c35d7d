import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { type CameraRule, rulesOf } from '../../../src/alerts/detection/camera-rules.ts';
import type { Track } from '../../../src/alerts/detection/tracker.ts';
import type { WatchedCamera } from '../../../src/alerts/detection/watched-camera.ts';
import type { Corner, Line, Zone } from '../../../src/alerts/detection/zone.ts';
import { zoneObservation } from '../../../src/alerts/detection/zone-observation.ts';
import { Why } from '../../../src/alerts/why.ts';

const at = new Date('2026-11-23T14:00:00Z');
const polygon: Corner[] = [
  [0, 0],
  [1, 0],
  [1, 1],
];
const times = { dwellMs: 3_000, clearMs: 10_000, graceMs: 2_500 };

function camera(zones: Zone[], lines: Line[] = [], objects?: string[]): WatchedCamera {
  return { id: 'a', name: 'K1', position: { lat: 27.3, lon: 105.29 }, detect: { zones, lines, objects } };
}

function track(label: string, id = 1): Track {
  const box = { x: 1 / 3, y: 1 / 7, width: 0.123456, height: 0.2 };
  return { id, label, box, score: 0.6789, firstAt: 0, lastAt: 4_210 };
}

function observed(rule: CameraRule, label: string, count = 1) {
  const tracks = Array.from({ length: count }, (_, index) => track(label, index + 1));
  const offence = { track: track(label), tracks, dwellMs: 4_210, reasons: [{ text: '在场' }] };
  return zoneObservation({ camera: camera([]), rule, offence, at, minScore: 0.4 });
}

const zone = (more: Partial<Zone>): Zone => ({ id: 'lane-1', polygon, ...more });
const line = (more: Partial<Line>): Line => ({ id: 'edge', points: polygon.slice(0, 2), ...more });

test.each<{ watched: WatchedCamera; label: string; told: object }>([
  {
    watched: camera([zone({})]),
    label: 'person',
    told: { key: 'person:a:lane-1', kind: 'person-on-road', severity: 'critical', title: '行人进入行车道' },
  },
  {
    watched: camera([zone({ road: false })]),
    label: 'person',
    told: { kind: 'person-in-zone', severity: 'major' },
  },
  {
    watched: camera([zone({ objects: ['animal'] })]),
    label: 'cow',
    told: { key: 'animal:a:lane-1', kind: 'animal', severity: 'major', title: '动物（牛）进入行车道' },
  },
  {
    watched: camera([zone({})], [], ['two-wheeler']),
    label: 'bicycle',
    told: { key: 'two-wheeler:a:lane-1', kind: 'two-wheeler', severity: 'major', title: '自行车进入行车道' },
  },
  {
    watched: camera([zone({ objects: ['car'] })]),
    label: 'car',
    told: { kind: 'vehicle-in-zone', severity: 'minor' },
  },
  {
    watched: camera([zone({ rule: 'stopped' })]),
    label: 'truck',
    told: { key: 'stopped:a:lane-1', kind: 'vehicle-stopped', severity: 'major', title: '货车停在行车道' },
  },
  {
    watched: camera([
      zone({
        rule: 'wrong-way',
        direction: [
          [0, 0],
          [0, 1],
        ],
      }),
    ]),
    label: 'car',
    told: { key: 'wrong-way:a:lane-1', kind: 'wrong-way', severity: 'critical', title: '车辆在行车道逆行' },
  },
  {
    watched: camera([zone({ rule: 'crowd', road: false, name: '广场' })]),
    label: 'person',
    told: { key: 'crowd:a:lane-1', kind: 'crowd', severity: 'major', title: '广场聚集 1 人' },
  },
  {
    watched: camera([zone({ rule: 'object-left' })]),
    label: 'suitcase',
    told: { key: 'object-left:a:lane-1', kind: 'object-left', severity: 'major', title: '行车道有遗留物（行李箱）' },
  },
  {
    watched: camera([], [line({})]),
    label: 'person',
    told: { key: 'crossing:a:edge', kind: 'line-crossed', severity: 'critical', title: '行人越过界线 edge' },
  },
  {
    watched: camera([], [line({ rule: 'wrong-way', direction: 'left' })]),
    label: 'car',
    told: { key: 'wrong-way-line:a:edge', kind: 'wrong-way', severity: 'critical', title: '车辆逆行越过界线 edge' },
  },
])('$told.kind $told.severity of a $label', ({ watched, label, told }) => {
  const [rule, ...more] = rulesOf(watched, times);
  if (!rule) throw new Error('no rule');
  expect(more).toEqual([]);
  expect(rule.choice.policy.objects).toContain(label);
  const observation = observed(rule, label);
  expect(observation).toMatchObject(told);
  expect([...Value.Errors(Why, observation.why)]).toEqual([]);
});

test('a zone that is closed to several families is a rule for each, of its own kind', () => {
  const rules = rulesOf(camera([zone({ objects: ['person', 'animal', 'tyre'] })]), times);
  expect(rules.map(({ key, kind, choice }) => [key, kind, choice.policy.objects])).toEqual([
    ['person:a:lane-1', 'person-on-road', ['person']],
    ['animal:a:lane-1', 'animal', ['cat', 'dog', 'horse', 'sheep', 'cow']],
    ['thing:a:lane-1', 'object-left', ['tyre']],
  ]);
});

test('what fired an alert is kept with the schedule and the sun, and rounded', () => {
  const schedule = { when: 'night', hours: ['22:00-06:00'] } as const;
  const [rule] = rulesOf(camera([zone({ schedule, minSize: 0.05, cooldown: 60 })]), times);
  expect(rule && observed(rule, 'person').why).toEqual({
    rule: 'presence',
    at: at.toISOString(),
    place: { type: 'zone', id: 'lane-1', name: '行车道', points: polygon },
    things: [{ label: 'person', score: 0.68, seconds: 4.2, x: 0.333, y: 0.143, width: 0.123, height: 0.2 }],
    dwell: 4.2,
    limits: { objects: ['person'], score: 0.4, dwell: 3, minSize: 0.05, cooldown: 60, clear: 10 },
    schedule: { when: 'night', weekdays: [], hours: ['22:00-06:00'], sun: expect.closeTo(-50, -1) },
  });
});

test('however much there was to see, it stays within four kibibytes', () => {
  const corners = Array.from({ length: 64 }, (_, index): Corner => [index / 64, Math.sqrt(index) / 8]);
  const objects = Array.from({ length: 80 }, (_, index) => `${index}`.padEnd(40, 'x'));
  const hours = Array.from({ length: 24 }, () => '22:00-06:00');
  const schedule = { when: 'night', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], hours } as const;
  const crowded = zone({
    id: 'z'.repeat(64),
    name: '区'.repeat(32),
    polygon: corners,
    objects,
    schedule,
    rule: 'crowd',
  });
  const [rule] = rulesOf(camera([crowded]), times);
  const why = rule && observed(rule, 'x'.repeat(80), 100).why;
  expect(why).toMatchObject({ moreThings: 92 });
  expect([...Value.Errors(Why, why)]).toEqual([]);
  expect(JSON.stringify(why).length).toBeLessThan(4_096);
});
