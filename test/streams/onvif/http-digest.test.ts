import { expect, test } from 'vitest';
import { digestAuthorization } from '../../../src/streams/onvif/http-digest.ts';
import { passwordDigest } from '../../../src/streams/onvif/ws-security.ts';

const mufasa = { username: 'Mufasa', password: 'Circle of Life' };
const get = { method: 'GET', uri: '/dir/index.html' };

test('the answer to a challenge without qop is the one of RFC 2069', () => {
  const challenge = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc"';
  const header = digestAuthorization(challenge, { ...mufasa, password: 'CircleOfLife' }, get);
  expect(header).toContain('response="1949323746fe6a43ef61f9606e7febea"');
  expect(header).toContain('opaque="5ccc"');
});

test('SHA-256 and qop=auth are answered, what is unknown is not', () => {
  const offered = 'Digest realm="r", nonce="n", qop="auth-int, auth", algorithm=SHA-256';
  expect(digestAuthorization(offered, mufasa, get)).toMatch(/response="[0-9a-f]{64}".*qop=auth, nc=00000001/);
  expect(digestAuthorization('Digest realm="r", nonce="n", algorithm=SHA-512', mufasa, get)).toBeUndefined();
  expect(digestAuthorization('Digest realm="r", nonce="n", qop="auth-int"', mufasa, get)).toBeUndefined();
  expect(digestAuthorization('Basic realm="r"', mufasa, get)).toBeUndefined();
});

test('the UsernameToken digest is the one of the ONVIF programmer’s guide', () => {
  const nonce = Buffer.from('LKqI6G/AikKCQrN0zqZFlg==', 'base64');
  expect(passwordDigest(nonce, '2010-09-16T07:50:45Z', 'userpassword')).toBe('tuOSpGlFlIXsozq4HFNeeGeFLEI=');
});
