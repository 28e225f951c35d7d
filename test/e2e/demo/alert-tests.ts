import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Alert, AlertKind } from '../../../src/alerts/alert.ts';
import type { DemoRun } from '../../helpers/demo-run.ts';
import { openSeat } from '../../helpers/live-seat.ts';

/** What the demo promises: both alerts, by themselves, within a minute of being ready. */
const promisedMs = 60_000;

async function awaited(demo: DemoRun, kind: AlertKind): Promise<Alert> {
  const seat = await demo.login('seat');
  await using live = await openSeat(seat);
  const leftMs = demo.readyAt.getTime() + promisedMs - Date.now();
  const { id } = await live.alert((alert) => alert.kind === kind, Math.max(leftMs, 5_000));
  const { items } = await seat.get<{ items: Alert[] }>('/alerts');
  const alert = items.find((item) => item.id === id) ?? expect.fail(`${kind} is not in the list`);
  expect(Date.parse(alert.at) - demo.readyAt.getTime()).toBeLessThan(promisedMs);
  expect(alert.position).toMatchObject({ lat: expect.any(Number), lon: expect.any(Number) });
  expect(alert.reasons.length).toBeGreaterThan(0);
  expect(alert.reasons.every(({ text }) => text.length > 0)).toBe(true);
  return alert;
}

/** What happens by itself. */
export function alertTests(demo: () => DemoRun): void {
  test('fog falls, and an alert says where and why', async () => {
    const fog = await awaited(demo(), 'low-visibility');
    expect(fog).toMatchObject({ sensor: 'ws06', road: 'G76', stake: 'K1432+900' });
    expect(fog.reasons[0]).toMatchObject({ limit: 200, unit: 'm' });
    expect(fog.reasons[0]?.value).toBeLessThan(200);
  }, 90_000);

  test('somebody walks on the hard shoulder, and an alert shows the picture', async () => {
    const person = await awaited(demo(), 'person-on-road');
    expect(person).toMatchObject({
      camera: 'k1432-120',
      snapshot: true,
      severity: 'critical',
      road: 'G76',
      carriageway: 'down',
    });
    // The camera at K1432+120 is calibrated: the walker is 14 to 22 m ahead of it.
    expect(person.stake).toMatch(/^K1432\+1[34]\d$/);
    expect(person.position.lat).toBeCloseTo(27.2999, 3);
    expect(person.position.errorMeters).toBeLessThan(3);
    expect(person.box?.score).toBeGreaterThan(0.3);
    const seat = await demo().login('seat');
    const response = await seat.fetch(`/api/v1/alerts/${person.id}/snapshot.jpg`);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    const jpeg = Buffer.from(await response.arrayBuffer());
    expect(jpeg.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 1_280, height: 720 });
    // A picture, not one colour.
    const { channels } = await sharp(jpeg).stats();
    expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(10);
  }, 90_000);
}
