import { readFileSync } from 'node:fs';
import type { Alert, Camera, Sensor, Severity, Unit } from '../src/api/shapes.ts';
import { atStake, type RoadFeature, roadLine } from '../src/road/road-line.ts';
import { stakeText } from '../src/road/stake.ts';

export const demoFile = (name: string) => readFileSync(new URL(`../../demo/config/${name}`, import.meta.url), 'utf8');

const lines = (JSON.parse(demoFile('roads.geojson')) as { features: RoadFeature[] }).features.map(roadLine);
const sideLine = (side: string) => lines.find((line) => line.carriageway === side);

/** A place on the demo's motorway. */
export function placed(meters: number, carriageway: 'up' | 'down') {
  const line = sideLine(carriageway);
  const at = line && atStake(line, meters);
  const position = { lat: at?.lat ?? 27.3, lon: at?.lon ?? 105.29 };
  const area = meters < 1_434_000 ? 'west' : 'east';
  return { road: 'G76', stake: stakeText(meters), carriageway, area, position, bearing: at?.bearing ?? 0 };
}

const camera = (id: string, meters: number, more: Partial<Camera> = {}): Camera => {
  const { bearing, ...place } = placed(meters, 'down');
  return {
    id,
    name: `${place.stake} 球机`,
    ...place,
    view: { bearing: bearing + 20, angle: 56, range: 420 },
    tags: [],
    detect: false,
    viewers: 0,
    state: { phase: 'idle', since: new Date().toISOString() },
    video: { codec: 'h264', width: 1280, height: 720, fps: 25 },
    ...more,
  };
};

export const cameras: Camera[] = [
  camera('k1429-800', 1_429_800),
  camera('k1431-460', 1_431_460, {
    state: { phase: 'live', since: new Date().toISOString() },
    health: { sees: 'nothing', why: 'covered' },
    faults: [
      {
        kind: 'covered',
        since: new Date(Date.now() - 1_260_000).toISOString(),
        detail: '画面被遮挡，平时可见的细节少了 82%，门限 45%',
      },
    ],
  }),
  camera('k1432-120', 1_432_120, {
    detect: true,
    state: { phase: 'live', since: new Date().toISOString() },
    health: { sees: 'less', why: 'fog' },
    seesMeters: 180,
  }),
  camera('k1432-640', 1_432_640, { state: { phase: 'live', since: new Date().toISOString() } }),
  camera('k1433-500', 1_433_500, { state: { phase: 'stale', since: new Date().toISOString() } }),
  camera('k1437-900', 1_437_900, {
    state: {
      phase: 'waiting',
      since: new Date().toISOString(),
      cause: 'unauthorized',
      retryAt: new Date(Date.now() + 40_000).toISOString(),
    },
    video: { codec: 'h265', width: 1280, height: 720, fps: 15 },
  }),
];

const unit = (id: string, name: string, [meters, side, status]: [number, 'up' | 'down', Unit['status']]): Unit => {
  const { bearing, ...place } = placed(meters, side);
  const heading = side === 'up' ? (bearing + 180) % 360 : bearing;
  const kind = id.startsWith('xun')
    ? 'patrol'
    : id.startsWith('lu')
      ? 'road'
      : id.startsWith('yang')
        ? 'maintenance'
        : 'rescue';
  return {
    id,
    name,
    kind,
    status,
    online: true,
    ...place,
    heading,
    speed: status === 'on_scene' ? 0 : 22,
    battery: 20 + (meters % 80),
    at: new Date().toISOString(),
  };
};

export const units: Unit[] = [
  unit('xun1', '巡1', [1_422_400, 'down', 'free']),
  unit('xun3', '巡3', [1_429_860, 'up', 'on_scene']),
  unit('xun4', '巡4', [1_436_600, 'up', 'free']),
  unit('xun7', '巡7', [1_429_500, 'down', 'free']),
  unit('xun9', '巡9', [1_441_000, 'down', 'free']),
  { ...unit('xun11', '巡11', [1_426_900, 'down', 'en_route']), at: new Date(Date.now() - 360_000).toISOString() },
  unit('lu6', '路6', [1_434_050, 'up', 'en_route']),
  unit('lu8', '路8', [1_446_300, 'up', 'free']),
  unit('yang2', '养2', [1_434_620, 'down', 'en_route']),
  unit('yang5', '养5', [1_438_700, 'down', 'free']),
  unit('zheng1', '拯1', [1_443_600, 'up', 'free']),
  { ...unit('zheng2', '拯2', [1_424_100, 'up', 'off']), online: false },
];

const visibilities = [2400, 1800, 1900, 1200, 780, 180, 240, 620, 900, 1400, 2000, 2200, 2600, 3000];
export const sensors: Sensor[] = visibilities.map((visibility, index) => {
  const { bearing: _, ...place } = placed(index === 5 ? 1_432_900 : 1_421_000 + index * 2_230, 'up');
  const id = `ws${String(index + 1).padStart(2, '0')}`;
  const values = { visibility, temperature: 2.4 - index * 0.2, wind: 6.1, humidity: 93, rain: 0 };
  return {
    id,
    kind: 'sensor',
    name: `${place.stake} 雾站`,
    online: true,
    ...place,
    at: new Date().toISOString(),
    values,
  };
});

let seq = 100;
export const nextSeq = () => ++seq;
export const headSeq = () => seq;

type Made = {
  kind: string;
  severity: Severity;
  title: string;
  meters: number;
  side: 'up' | 'down';
  ago: number;
} & Partial<Alert>;
export const alert = ({ meters, side, ago, ...rest }: Made): Alert => {
  const { bearing: _, ...place } = placed(meters, side);
  const at = new Date(Date.now() - ago * 1000).toISOString();
  const due = new Date(Date.now() - ago * 1000 + 60_000).toISOString();
  const number = nextSeq();
  return {
    id: `a${number}`,
    seq: number,
    version: 1,
    state: 'raised',
    at,
    lastSeenAt: at,
    reasons: [],
    mergedFrom: [],
    snapshot: false,
    dueAt: due,
    ...place,
    ...rest,
  };
};
const owner = (name: string) => ({ id: name, name, at: new Date(Date.now() - 300_000).toISOString() });

export const alerts: Alert[] = [
  alert({
    kind: 'person-on-road',
    severity: 'critical',
    title: '行人进入硬路肩',
    meters: 1_432_300,
    side: 'down',
    ago: 18,
    camera: 'k1432-120',
    snapshot: true,
    box: { x: 0.66, y: 0.5, width: 0.045, height: 0.2, score: 0.91 },
    why: {
      rule: 'presence',
      at: new Date(Date.now() - 18_000).toISOString(),
      place: {
        type: 'zone',
        id: 'hard-shoulder',
        name: '硬路肩',
        points: [
          [0.79, 1],
          [0.47, 0.46],
          [0.565, 0.46],
          [1, 1],
        ],
      },
      things: [{ label: 'person', score: 0.91, seconds: 3.2, x: 0.66, y: 0.5, width: 0.045, height: 0.2 }],
      dwell: 3.2,
      limits: { objects: ['person'], score: 0.4, dwell: 3, minSize: 0, cooldown: 0, clear: 10 },
      schedule: { when: 'night', weekdays: [], hours: ['22:00-06:00'], sun: -31.4 },
    },
    reasons: [
      { text: '在硬路肩停留 3.2 s，门限 3 s', value: 3.2, limit: 3, unit: 's', source: '模型 0.91' },
      { text: '能见度 180 m，低于 200 m', value: 180, limit: 200, unit: 'm', source: 'ws06 雾站' },
      { text: '距响水隧道出口', value: 240, unit: 'm', source: '下行方向' },
    ],
  }),
  alert({
    kind: 'object-left',
    severity: 'minor',
    title: '路面遗留物',
    meters: 1_436_120,
    side: 'up',
    ago: 114,
    reasons: [{ text: '快车道，约 0.6 m', source: '模型 0.74' }],
  }),
  alert({
    kind: 'low-visibility',
    severity: 'major',
    title: '能见度 180 m',
    meters: 1_432_900,
    side: 'up',
    ago: 401,
    state: 'acknowledged',
    acknowledgedBy: owner('席2'),
    reasons: [{ text: '能见度 180 m，低于 200 m', value: 180, limit: 200, unit: 'm', source: 'ws06' }],
  }),
  alert({
    kind: 'vehicle-stopped',
    severity: 'major',
    title: '车辆停驶',
    meters: 1_429_800,
    side: 'up',
    ago: 740,
    state: 'acknowledged',
    acknowledgedBy: owner('席1'),
    reasons: [{ text: '巡3 到场' }],
  }),
  alert({
    kind: 'ice',
    severity: 'minor',
    title: '桥面结冰 −0.6 °C',
    meters: 1_437_900,
    side: 'up',
    ago: 912,
    state: 'acknowledged',
    acknowledgedBy: owner('席2'),
    reasons: [{ text: '养2 前往撒布' }],
  }),
  alert({
    kind: 'strong-wind',
    severity: 'minor',
    title: '横风 18 m/s',
    meters: 1_438_200,
    side: 'down',
    ago: 1170,
    state: 'acknowledged',
    acknowledgedBy: owner('席2'),
  }),
  alert({
    kind: 'camera-fault',
    severity: 'info',
    title: '画面停滞',
    meters: 1_433_500,
    side: 'up',
    ago: 38,
    reasons: [{ text: '自动重连 第 2 次' }],
  }),
];
