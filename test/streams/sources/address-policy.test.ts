import { expect, test } from 'vitest';
import { AddressPolicy } from '../../../src/shared/address-policy.ts';
import { checkValue } from '../../../src/shared/check-value.ts';
import { pinSource } from '../../../src/streams/sources/pinned-address.ts';
import { SourcesConfig } from '../../../src/streams/sources/sources-config.ts';
import { failureOf } from '../../../src/streams/stream-failure.ts';

const checked = checkValue(SourcesConfig, {});
const usual = checked.ok ? checked.value.allow : [];
const everything = ['0.0.0.0/0', '::/0'];

test.each([
  ['10.1.2.3', true],
  ['172.31.255.255', true],
  ['192.168.0.1', true],
  ['100.64.0.9', true],
  ['fd12:3456::1', true],
  ['172.32.0.1', false],
  ['8.8.8.8', false],
  ['2001:db8::1', false],
])('%s, a camera may lie there by default: %s', (address, allowed) => {
  expect(new AddressPolicy(usual).allows(address)).toBe(allowed);
});

test.each([
  '127.0.0.1',
  '127.8.8.8',
  '0.0.0.0',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '169.254.169.254',
  '::ffff:169.254.169.254',
  'fd00:ec2::254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fe80::1',
  'fe80::1%eth0',
  '224.0.0.1',
  '255.255.255.255',
  'ff02::1',
  '64:ff9b::7f00:1',
  'localhost',
  '',
])('%s is dialled neither by default nor when all networks are allowed', (address) => {
  for (const allow of [usual, everything, [...usual, ...everything]])
    expect(new AddressPolicy(allow).allows(address)).toBe(false);
});

test.each([
  ['127.0.0.0/8', '127.0.0.1', true],
  ['127.0.0.1/32', '127.0.0.1', true],
  ['127.0.0.1/32', '127.0.0.2', false],
  ['169.254.10.0/24', '169.254.10.7', true],
  ['169.254.10.0/24', '169.254.169.254', false],
  ['::1/128', '::1', true],
])('%s, named itself, lets %s through: %s', (network, address, allowed) => {
  expect(new AddressPolicy([network]).allows(address)).toBe(allowed);
});

test.each([
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '[::ffff:127.0.0.1]',
  '[::1]',
  'localhost',
  '169.254.169.254',
])('%s as a host is judged as the address the system would dial', async (host) => {
  const failure = await pinSource(host, new AddressPolicy([...usual, ...everything])).catch(failureOf);
  expect(failure).toMatchObject({ failure: 'refused', message: expect.stringContaining('video.sources.allow') });
});

test('a host that may be dialled is pinned to one address', async () => {
  expect(await pinSource('localhost', new AddressPolicy(['127.0.0.0/8']))).toBe('127.0.0.1');
  expect(await pinSource('10.9.8.7', new AddressPolicy(usual))).toBe('10.9.8.7');
});

test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/8 ', 'localhost/8', '::/129', 'fc00::'])(
  '%s is no network',
  (network) => {
    expect(checkValue(SourcesConfig, { allow: [network] }).ok).toBe(false);
  },
);
