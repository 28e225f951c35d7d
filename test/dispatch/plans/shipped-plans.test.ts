import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { plansSimulate } from '../../../src/cli/plans-simulate.ts';
import { type Config, loadConfig } from '../../../src/config.ts';
import type { PlanFacts } from '../../../src/dispatch/plans/match-plan.ts';
import { simulatePlan } from '../../../src/dispatch/plans/simulate.ts';
import { ConfigError } from '../../../src/shared/config-error.ts';
import { root } from '../../helpers/program.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const demo = {
  DEMO_MQTT_PORT: '1883',
  DEMO_DEVICE_PASSWORD: 'a-password-of-the-demo',
  DEMO_CAMERA_PASSWORD: 'a-password-of-the-demo',
  DEMO_WARNINGS_FILE: 'warnings.xml',
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`DEMO_ONVIF_PORT_${n}`, `${8_000 + n}`])),
};
const configs: Record<string, Config> = {};

beforeAll(async () => {
  configs.config = await loadConfig(join(root, 'config'), {});
  configs.demo = await loadConfig(join(root, 'demo/config'), demo);
});

/** What the command prints, and its exit code. */
async function simulated(configDir: string, options: Record<string, string>) {
  const lines: string[] = [];
  const code = await plansSimulate({
    ...{ configDir, dataDir: '', port: undefined, host: undefined, words: [], lists: {}, flags: {} },
    options,
    environment: demo,
    print: (line) => lines.push(line),
    signal: new AbortController().signal,
  });
  return { code, lines };
}

const ids = ['fog-pedestrian', 'ice', 'sos', 'strong-wind', 'vehicle-stopped'];

test.each(['config', 'demo'])('the plans of %s are valid', (name) => {
  expect(configs[name]?.plans.map(({ id }) => id)).toEqual(ids);
});

const afternoon = new Date('2026-11-26T15:19:00+08:00');

test.each<[Partial<PlanFacts> & Pick<PlanFacts, 'kind'>, string]>([
  [{ kind: 'person-on-road', severity: 'critical', visibility: 150 }, 'fog-pedestrian'],
  [{ kind: 'ice', severity: 'minor' }, 'ice'],
  [{ kind: 'strong-wind' }, 'strong-wind'],
  [{ kind: 'sos', severity: 'critical' }, 'sos'],
  [{ kind: 'vehicle-stopped', area: 'west' }, 'vehicle-stopped'],
])('the simulator plays %o: %s', (facts, id) => {
  for (const plans of Object.values(configs).map((config) => config.plans)) {
    const [title = '', , ...moments] =
      simulatePlan(plans, { severity: 'major', at: afternoon, ...facts }, 'Asia/Shanghai') ?? [];
    expect(title.split(' ')[0]).toBe(id);
    const steps = plans.find((plan) => plan.id === id)?.steps.length ?? 0;
    expect(moments).toHaveLength(steps + 4);
    const times = moments.map((line) => line.slice(10, 16));
    expect(times).toEqual(times.toSorted());
    expect(moments[0]).toMatch(/^15:19:00 {2}\+00:00 {2}auto {6}look: 调看最近 \d 路摄像机$/);
  }
});

test('the timeline of fog and a pedestrian, minute by minute', async () => {
  const options = { kind: 'person-on-road', visibility: '150', at: '2026-11-26T15:19:00+08:00' };
  const { lines } = await simulated(join(root, 'demo/config'), options);
  expect(lines).toEqual([
    'fog-pedestrian  大雾行人上路',
    '预案 大雾行人上路：类型相符、能见度 150 m（不超过 200 m）、严重（至少严重）',
    '15:19:00  +00:00  auto      look: 调看最近 3 路摄像机',
    '15:19:00  +00:00  auto      tell: 通知 交警大队：大雾中行人上路，请协助',
    '15:20:00  +01:00  manual    sign: 情报板建议：前方行人 浓雾 限速40 开启雾灯',
    '15:20:00  +01:00  deadline  acknowledge: 派出即时接受，逾时另荐',
    '15:21:00  +02:00  manual    patrol: 需 1 个单位，具备 warning-cones',
    '15:21:00  +02:00  manual    broadcast: 喊话提醒行人退至护栏外',
    '15:21:00  +02:00  deadline  handle: 应已派出',
    '15:24:00  +05:00  manual    gate: 关闭 响水隧道入口匝道',
    '15:29:00  +10:00  manual    report: 现场反馈：行人是否已带离',
    '15:29:00  +10:00  deadline  report: 应已反馈，逾期升级',
    '15:49:00  +30:00  deadline  supervise: 督办，须说明原因',
  ]);
});

test('what no plan is meant for is said, and what cannot be understood is refused', async () => {
  const dir = join(root, 'config');
  expect(await simulated(dir, { kind: 'manhole' })).toEqual({ code: 1, lines: ['no plan is meant for manhole'] });
  expect(await simulated(dir, { kind: 'person-on-road', visibility: '900' })).toMatchObject({ code: 1 });
  for (const wrong of [
    {},
    { kind: 'ice', severity: 'loud' },
    { kind: 'ice', visibility: 'far' },
    { kind: 'ice', at: 'soon' },
  ])
    await expect(simulated(dir, wrong)).rejects.toMatchObject({ code: 'USAGE' });
});

test('every mistake of a plan is named with its file, line and column', async () => {
  await using dir = await tempDir();
  await cp(join(root, 'demo/config'), dir.path, { recursive: true });
  const plan = `id: ice
name: 又一个
match: { areas: [nowhere], colour: red }
steps:
  - { id: a, do: units, skills: [juggling] }
  - { id: a, do: notify, channels: [nobody], text: 来 }
  - { id: c, do: ptz, camera: nothing, preset: '1' }
`;
  const file = join(dir.path, 'plans/zz.yaml');
  const issuesOf = async (text: string) => {
    await writeFile(file, text);
    const error = await loadConfig(dir.path, demo).catch((caught: unknown) => caught);
    if (!(error instanceof ConfigError)) throw error;
    return error.issues.map(({ line, column, path }) => `${line}:${column} ${path}`);
  };
  expect(await issuesOf(plan)).toEqual(['3:28 match.colour', '6:11 steps[1].id']);
  expect(await issuesOf(plan.replace(', colour: red', ''))).toEqual([
    '1:5 id',
    '3:18 match.areas[0]',
    '5:34 steps[0].skills[0]',
    '6:11 steps[1].id',
    '6:37 steps[1].channels[0]',
    '7:31 steps[2].camera',
  ]);
});
