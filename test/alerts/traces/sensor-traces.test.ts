import { expect, test, vi } from 'vitest';
import { SensorTraces, type SeriesSpan } from '../../../src/alerts/traces/sensor-traces.ts';
import type { Series } from '../../../src/alerts/traces/trace.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { fog, openDesk, seat, second } from '../alert-fixtures.ts';

const series: Series[] = [{ sensor: 'ws06', measure: 'visibility', points: [[60_000, 180]] }];

async function openTraces(seriesOf: (span: SeriesSpan) => Promise<Series[]> = async () => series) {
  const { desk, store, ...world } = await openDesk();
  const spans: SeriesSpan[] = [];
  const traces = new SensorTraces({
    store,
    seriesOf: (span) => {
      spans.push(span);
      return seriesOf(span);
    },
    lookbackMs: () => 60_000,
    log: silentLog,
    settleMs: 0,
  });
  desk.on('changed', (alert) => traces.changed(alert));
  return {
    desk,
    spans,
    traces,
    async [Symbol.asyncDispose]() {
      await traces.close();
      await world[Symbol.asyncDispose]();
    },
  };
}

test('what was measured around an alert is kept with it once it is over, and once more nobody asks', async () => {
  await using house = await openTraces();
  const { desk, spans } = house;
  const { id } = await desk.observe(fog());
  await expect(desk.trace(id)).rejects.toMatchObject({ code: 'TRACE_NOT_FOUND' });
  await desk.end('fog:ws06', second(30));
  const kept = await vi.waitFor(() => desk.trace(id));
  const to = new Date(second(30).getTime() + 1);
  expect(kept).toEqual({
    type: 'sensor',
    sensor: 'ws06',
    from: second(-60).toISOString(),
    to: to.toISOString(),
    series,
  });
  await desk.acknowledge(id, seat);
  await desk.confirm(id, seat);
  expect(spans).toEqual([{ sensor: 'ws06', from: second(-60), to }]);
});

test('one that goes on is kept when somebody has decided, and again at its end', async () => {
  await using house = await openTraces();
  const { desk, spans } = house;
  const { id } = await desk.observe(fog());
  await desk.dismiss(id, seat, { reason: 'works' });
  await vi.waitFor(() => desk.trace(id));
  await desk.end('fog:ws06', second(30));
  await vi.waitFor(() => expect(spans).toHaveLength(2));
  expect(spans.at(-1)?.to).toEqual(new Date(second(30).getTime() + 1));
});

test('a telemetry that does not answer costs the trace and nothing else', async () => {
  await using house = await openTraces(() => Promise.reject(new Error('away')));
  const { desk, spans } = house;
  const { id } = await desk.observe(fog());
  await desk.end('fog:ws06', second(30));
  await vi.waitFor(() => expect(spans).toHaveLength(1));
  await expect(desk.trace(id)).rejects.toMatchObject({ code: 'TRACE_NOT_FOUND' });
});
