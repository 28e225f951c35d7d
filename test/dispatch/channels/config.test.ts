import { expect, test } from 'vitest';
import { ChannelsConfig, channelAreaIssues, channelIssues } from '../../../src/dispatch/channels/config.ts';
import { checkValue } from '../../../src/shared/check-value.ts';

const hook = { id: 'ops', kind: 'webhook', url: 'https://ops.example/hook', secret: 'sixteen-letters-x' };
const push = { id: 'phones', kind: 'push', subject: 'mailto:ops@example.org' };
const checked = (channels: unknown) => checkValue(ChannelsConfig, channels);

function valid(channels: unknown): ChannelsConfig {
  const found = checked(channels);
  if (!found.ok) throw new Error(JSON.stringify(found.issues));
  return found.value;
}

test('a webhook is told of everything public unless it says otherwise', () => {
  expect(valid([hook])).toEqual([{ ...hook, events: ['alerts', 'incidents'], severity: 'info', allow: [] }]);
  expect(valid(undefined)).toEqual([]);
});

test('browsers are reached through the well-known push services only', () => {
  expect(valid([push])).toMatchObject([{ allow: [], services: expect.arrayContaining(['fcm.googleapis.com']) }]);
});

test.each([
  { ...hook, url: 'ftp://ops.example/' },
  { ...hook, url: 'https://user:word@ops.example/' },
  { ...hook, secret: 'short' },
  { ...hook, severity: 'loud' },
  { ...hook, events: ['units'] },
  { ...hook, allow: ['10.0.0.0'] },
  { ...hook, colour: 'red' },
  { ...push, subject: 'ops' },
  { ...push, services: ['https://push.example'] },
  { ...push, kind: 'pigeon' },
])('%o is refused', (channel) => {
  expect(checked([channel]).ok).toBe(false);
});

test('an id stands once, and there is one way to the browsers', () => {
  expect(channelIssues(valid([hook, { ...push, id: 'ops' }]))).toMatchObject([{ path: ['channels', 1, 'id'] }]);
  expect(channelIssues(valid([push, { ...push, id: 'more' }]))).toMatchObject([{ path: ['channels', 1, 'kind'] }]);
  expect(channelIssues(valid([hook, push]))).toEqual([]);
});

test('an area that nobody knows is named', () => {
  const channels = valid([{ ...hook, areas: ['west', 'nowhere'] }]);
  expect(channelAreaIssues(channels, new Set(['west']))).toMatchObject([{ path: 'channels[0].areas[1]' }]);
});
