import { expect, test } from 'vitest';
import { parseMatches, probeMessage } from '../../../src/streams/onvif/discovery-message.ts';

const id = '6f1c0c9e-5d3b-4d0e-9a52-0f7d2f8d1a11';

const match = (urn: string, xaddrs: string, scopes = '') =>
  `<d:ProbeMatch><a:EndpointReference><a:Address>${urn}</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types>` +
  `<d:Scopes>${scopes}</d:Scopes><d:XAddrs>${xaddrs}</d:XAddrs></d:ProbeMatch>`;

const answer = (matches: string, relatesTo = `urn:uuid:${id}`) =>
  Buffer.from(
    `<e:Envelope xmlns:e="e"><e:Header><a:RelatesTo>${relatesTo}</a:RelatesTo></e:Header><e:Body><d:ProbeMatches>${matches}</d:ProbeMatches></e:Body></e:Envelope>`,
  );

test('a match tells where the device is and what it calls itself', () => {
  const scopes = 'onvif://www.onvif.org/name/%E6%A1%A5%E5%A4%B4 onvif://www.onvif.org/hardware/X%20';
  const found = parseMatches(
    answer(match('urn:uuid:1', 'http://[fe80::1]/x http://10.0.0.8/onvif', scopes)),
    '10.0.0.8',
    id,
  );
  expect(found).toEqual([
    {
      urn: 'urn:uuid:1',
      address: '10.0.0.8',
      xaddr: 'http://10.0.0.8/onvif',
      types: ['dn:NetworkVideoTransmitter'],
      scopes: scopes.split(' '),
      name: '桥头',
      hardware: 'X ',
    },
  ]);
});

test('several matches in one answer are several devices, a bad scope spoils none', () => {
  const both =
    match('urn:1', 'http://10.0.0.8/a', 'onvif://www.onvif.org/name/%E6%zz') + match('urn:2', 'http://10.0.0.8:81/a');
  expect(parseMatches(answer(both), '10.0.0.8', id).map(({ urn }) => urn)).toEqual(['urn:1', 'urn:2']);
});

test.each([
  ['another probe', answer(match('u', 'http://10.0.0.8/'), 'urn:uuid:0')],
  ['our id, but elsewhere in the message', answer(match(id, 'http://10.0.0.8/'), 'urn:uuid:0')],
  ['a device that lives elsewhere', answer(match('u', 'http://169.254.169.254/latest'))],
  ['an address that is none', answer(match('u', `file:///etc/passwd javascript:${id}`))],
  ['nothing', Buffer.alloc(0)],
  ['no XML', Buffer.from(`${id} <<<<`)],
  ['a document type', Buffer.from(`<!DOCTYPE x>${answer(match('u', 'http://10.0.0.8/'))}`)],
  ['our own probe', Buffer.from(probeMessage(id))],
  ['noise', Buffer.from([0xff, 0xfe, 0, 1])],
])('%s is no device', (_, message) => {
  expect(parseMatches(message, '10.0.0.8', id)).toEqual([]);
});
