import { expect, test } from 'vitest';
import { type PageWord, PatrolVoice } from '../../../src/dispatch/patrol/patrol-voice.ts';
import { UnitBoard } from '../../../src/dispatch/unit-board.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { silentLog } from '../../../src/shared/log.ts';

const shift = { hours: ['08:00-20:00'], timezone: 'UTC' };
const board = new UnitBoard({
  units: [
    { id: 'xun7', name: '巡7', kind: 'patrol', skills: [], terminal: 'radio-7', shift },
    { id: 'xun4', name: '巡4', kind: 'patrol', skills: [] },
  ],
  find: () => ({}),
  latest: async () => [],
  log: silentLog,
});
const patrolOf = (unit?: string): Actor => ({
  id: 'p',
  name: 'patrol',
  role: 'patrol',
  areas: 'all',
  ...(unit !== undefined && { unit }),
});
const point = { lat: 27.3, lon: 105.29 };

/** A voice at that hour of the day, and what was said as whom. */
function voiceAt(hour: string) {
  const said: [string, PageWord][] = [];
  const say = async (device: string, word: PageWord) => void said.push([device, word]);
  const now = () => new Date(`2026-11-26T${hour}:00Z`);
  return { voice: new PatrolVoice({ board, say, now }), said };
}

test("a page speaks as its unit's terminal", async () => {
  const { voice, said } = voiceAt('09:00');
  await voice.say(patrolOf('xun7'), { type: 'position', point, accuracy: 8 });
  expect(said).toEqual([['radio-7', { type: 'position', point, accuracy: 8 }]]);
});

test('off shift no position is taken, and a call for help is', async () => {
  const { voice, said } = voiceAt('21:00');
  await expect(voice.say(patrolOf('xun7'), { type: 'position', point })).rejects.toMatchObject({ code: 'OFF_SHIFT' });
  await voice.say(patrolOf('xun7'), { type: 'sos', key: 'k', point });
  await voice.say(patrolOf('xun4'), { type: 'position', point });
  expect(said.map(([device, { type }]) => [device, type])).toEqual([
    ['radio-7', 'sos'],
    ['xun4', 'position'],
  ]);
});

test.each([undefined, 'nobody'])('an account of the unit %s says nothing', async (unit) => {
  const { voice, said } = voiceAt('09:00');
  await expect(voice.say(patrolOf(unit), { type: 'sos', key: 'k' })).rejects.toMatchObject({ code: 'NO_UNIT' });
  expect(said).toEqual([]);
});
