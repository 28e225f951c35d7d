import { expect, test } from 'vitest';
import { addressKey } from '../../src/access/address-key.ts';
import { isOwnOrigin, type RequestSource, sourceProblem } from '../../src/access/request-origin.ts';
import { printable } from '../../src/shared/printable.ts';

const upgrade: RequestSource = {
  method: 'GET',
  upgrade: true,
  credential: 'cookie',
  secure: false,
  host: '127.0.0.1:8080',
  origin: 'http://127.0.0.1:8080',
  fetchSite: undefined,
  contentType: undefined,
  hasBody: false,
};

test.each([
  [{}, undefined],
  [{ origin: undefined }, 'missing-origin'],
  [{ origin: 'null' }, 'foreign-origin'],
  [{ origin: 'http://127.0.0.1:8081' }, 'foreign-origin'],
  [{ origin: 'http://127.0.0.1' }, 'foreign-origin'],
  [{ origin: 'http://127.0.0.1:8080.evil.example' }, 'foreign-origin'],
  [{ origin: 'https://wall.example.org', host: 'wall.example.org' }, undefined],
  [{ origin: 'https://wall.example.org', host: 'wall.example.org:443', secure: true }, undefined],
  [{ origin: 'http://wall.example.org', host: 'wall.example.org', secure: true }, 'foreign-origin'],
  [{ origin: 'https://allowed.example.org' }, undefined],
  [{ origin: undefined, credential: 'bearer' }, undefined],
  [{ origin: undefined, credential: 'none' }, undefined],
  [{ origin: 'https://evil.example', credential: 'none' }, 'foreign-origin'],
] as const)('an upgrade with %o is judged %s', (change, expected) => {
  expect(sourceProblem({ ...upgrade, ...change }, ['https://allowed.example.org'])).toBe(expected);
});

test('an origin that is not one is nobody, and a host that is not one is nobody’s', () => {
  expect(isOwnOrigin({ ...upgrade, origin: 'file://' }, [])).toBe(false);
  expect(isOwnOrigin({ ...upgrade, host: '' }, [])).toBe(false);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('tries from %s count for %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

test('what a stranger sends is one visible line', () => {
  expect(printable('a\r\nb\u001b[31mc\u202ed\u0000')).toBe('a\\u{d}\\u{a}b\\u{1b}[31mc\\u{202e}d\\u{0}');
  expect(printable('x'.repeat(200))).toHaveLength(129);
});
