import { afterAll, beforeAll, describe } from 'vitest';
import { type DemoRun, startDemoRun } from '../helpers/demo-run.ts';
import { alertTests } from './demo/alert-tests.ts';
import { calibrateTests } from './demo/calibrate-tests.ts';
import { doorTests } from './demo/door-tests.ts';
import { ledgerTests } from './demo/ledger-tests.ts';
import { streamTests } from './demo/stream-tests.ts';
import { wallTests } from './demo/wall-tests.ts';
import { worldTests } from './demo/world-tests.ts';

/** One demo, started as a newcomer does, and everything it promises. */
let running: DemoRun | undefined;
const demo = (): DemoRun => {
  if (!running) throw new Error('the demo does not run');
  return running;
};

beforeAll(async () => {
  running = await startDemoRun();
}, 120_000);

afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
}, 30_000);

describe('its doors', () => doorTests(demo));
describe('its cameras', () => streamTests(demo));
describe('its world', () => worldTests(demo));
describe('its alerts', () => alertTests(demo));
describe('its wall in a browser', () => wallTests(demo));
describe('its calibration page', () => calibrateTests(demo));
describe('its ledger', () => ledgerTests(demo));
