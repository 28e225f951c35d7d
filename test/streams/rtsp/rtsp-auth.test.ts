import { expect, test } from 'vitest';
import { authorization, chooseChallenge } from '../../../src/streams/rtsp/rtsp-auth.ts';

const credentials = { username: 'Mufasa', password: 'Circle of Life' };
const request = {
  method: 'GET',
  uri: '/dir/index.html',
  count: 1,
  clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};
const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const digest = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${nonce}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;

test.each([
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
])('the examples of RFC 7616 §3.9.1 are answered: %s', (algorithm, response) => {
  const challenge = chooseChallenge([digest(algorithm)]);
  expect(challenge && authorization(challenge, credentials, request)).toContain(`response="${response}"`);
});

test('the strongest challenge is chosen, an unknown one is not', () => {
  expect(chooseChallenge(['Basic realm="x"', digest('MD5'), digest('SHA-256')])).toMatchObject({
    algorithm: 'SHA-256',
  });
  expect(chooseChallenge(['Basic realm="x"'])).toEqual({ scheme: 'basic' });
  expect(chooseChallenge([digest('SHA-512-256'), 'Negotiate abc'])).toBeUndefined();
});

test('several challenges in one header are told apart, commas in quotes and all', () => {
  const basic = 'Basic realm="a, Digest b"';
  expect(chooseChallenge([`${basic}, ${digest('MD5')}, ${digest('SHA-256')}, Negotiate`])).toMatchObject({
    algorithm: 'SHA-256',
    realm: 'http-auth@example.org',
    opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
  });
  expect(chooseChallenge([basic])).toEqual({ scheme: 'basic' });
});

test('Basic beside a Digest we cannot answer is no offer in the clear, and one over TLS', () => {
  const offers = [digest('SHA-512-256'), 'Basic realm="x"'];
  expect(chooseChallenge(offers)).toBeUndefined();
  expect(chooseChallenge(offers, true)).toEqual({ scheme: 'basic' });
});

test('a stale nonce is known as such; userhash changes nothing', () => {
  const stale = chooseChallenge([`${digest('SHA-256')}, stale=TRUE, userhash=true`]);
  expect(stale).toMatchObject({ stale: true });
  expect(stale && authorization(stale, credentials, request)).toContain('username="Mufasa"');
  expect(chooseChallenge([digest('SHA-256')])).toMatchObject({ stale: false });
});

test('a header made to keep us busy is read in no time', () => {
  const began = performance.now();
  for (const header of ['"'.repeat(8_000), 'Digest a="b",'.repeat(600), 'Digest '.repeat(1_100), ','.repeat(8_000)]) {
    chooseChallenge([header]);
  }
  expect(performance.now() - began).toBeLessThan(500);
});

test('without qop the old form of RFC 2069 is used, which most cameras speak', () => {
  const challenge = chooseChallenge(['Digest realm="IP Camera(12345)", nonce="abc"']);
  const header =
    challenge &&
    authorization(challenge, { username: 'a', password: 'b' }, { method: 'DESCRIBE', uri: 'rtsp://h/1', count: 1 });
  expect(header).toMatch(
    /^Digest username="a", realm="IP Camera\(12345\)", nonce="abc", uri="rtsp:\/\/h\/1", response="[0-9a-f]{32}"$/,
  );
});
