import { expect, test } from 'vitest';
import { checkValue } from '../../../src/shared/check-value.ts';
import { CamerasFile } from '../../../src/streams/config.ts';
import { RecordingConfig } from '../../../src/streams/recorder/recording-config.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';

const source = 'rtsp://10.0.0.1/1';

function recordOf(record: unknown) {
  const checked = checkValue(CamerasFile, { cameras: [{ id: 'a', source, record }] });
  if (!checked.ok) return checked.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return resolveCameras(checked.value)[0]?.record;
}

test('a camera is recorded all the time, around its alerts, or not', () => {
  expect([true, 'continuous'].map(recordOf)).toEqual([{ mode: 'continuous' }, { mode: 'continuous' }]);
  expect(recordOf('alert')).toEqual({ mode: 'alert' });
  expect(recordOf({ mode: 'alert', days: 30 })).toEqual({ mode: 'alert', days: 30 });
  expect([false, undefined].map(recordOf)).toEqual([undefined, undefined]);
});

test.each(['always', 3, { mode: 'alert', days: 0 }, { days: 3 }, { mode: 'alert', hours: 3 }])(
  'record: %j is refused',
  (record) => {
    expect(recordOf(record)).toEqual(['cameras.0.record: expected true or continuous, alert, false, or {mode, days}']);
  },
);

test('recordings stay three days and leave 15 percent of the disk, unless said otherwise', () => {
  expect(checkValue(RecordingConfig, {})).toEqual({ ok: true, value: { days: 3, maxDiskPercent: 85, sound: 'off' } });
  const refused = checkValue(RecordingConfig, { days: 0, maxDiskPercent: 100, sound: true });
  expect(refused.ok ? [] : refused.issues.map(({ path }) => path.join('.'))).toEqual([
    'maxDiskPercent',
    'days',
    'sound',
  ]);
});
