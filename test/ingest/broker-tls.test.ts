import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { IClientOptions } from 'mqtt';
import { expect, test } from 'vitest';
import type { DeviceBrokerOptions } from '../../src/ingest/broker/device-broker.ts';
import type { BrokerTlsConfig } from '../../src/ingest/config.ts';
import { CertificateAuthority, type Issued } from '../helpers/certificate-authority.ts';
import { selfSigned } from '../helpers/self-signed.ts';
import { closed, openSocket, startBroker } from './broker-rig.ts';
import { connectDevice, scratch, until } from './rig.ts';

const authority = new CertificateAuthority('site');
const site = authority.issue('localhost');

/** A broker with TLS whose files are what is given. */
async function startSecure(
  files: Partial<Record<keyof BrokerTlsConfig, string>> = {},
  { plain = false, limits = {} }: Pick<Partial<DeviceBrokerOptions>, 'plain' | 'limits'> = {},
) {
  const directory = await scratch();
  const texts = { cert: site.cert, key: site.key, ...files };
  const paths = Object.fromEntries(
    await Promise.all(
      Object.entries(texts).map(async ([name, text]) => {
        const path = join(directory.path, `${name}.pem`);
        await writeFile(path, text);
        return [name, path];
      }),
    ),
  );
  const tls = { cert: '', key: '', ...paths, port: 0 };
  const rig = await startBroker({ plain, tls, limits });
  const close = async () => {
    await rig.broker.close();
    await directory[Symbol.asyncDispose]();
  };
  const port = rig.broker.tlsAddress?.port ?? 0;
  return { ...rig, paths, port, plainUrl: rig.url, url: `mqtts://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

const trusting: IClientOptions = { ca: [authority.cert], rejectUnauthorized: false };
const showing = ({ cert, key }: Pick<Issued, 'cert' | 'key'>): IClientOptions => ({ ...trusting, cert, key });

test('a device comes in over TLS; the plain port is open beside it or not at all', async () => {
  await using both = await startSecure({}, { plain: true });
  await using secure = await connectDevice(both.url, 'xun7', trusting);
  await using plain = await connectDevice(both.plainUrl, 'xun1');
  await secure.publish('tianliang/terminals/xun7/sos', {});
  await plain.publish('tianliang/terminals/xun1/sos', {});
  expect(both.counters.accepted).toEqual({ sos: 2 });
  await using only = await startSecure();
  expect(only.broker.address.port).toBe(0);
  await using device = await connectDevice(only.url, 'xun7', trusting);
  expect(device.client.connected).toBe(true);
});

test('with an authority a device shows its certificate and its password', async () => {
  await using rig = await startSecure({ ca: authority.cert, crl: authority.revoke() });
  await using device = await connectDevice(rig.url, 'xun7', showing(authority.issue('xun7')));
  await device.publish('tianliang/terminals/xun7/sos', {});
  expect(rig.counters.accepted).toEqual({ sos: 1 });
  await expect(
    connectDevice(rig.url, 'xun7', { ...showing(authority.issue('xun7')), password: 'x' }),
  ).rejects.toThrow();
  expect(rig.counters.refused).toEqual({ 'bad-credentials': 1 });
});

const taken = authority.issue('xun7');
const stranger = new CertificateAuthority('somebody');

test.each<[string, IClientOptions, string]>([
  ['no certificate', trusting, 'client-certificate'],
  ['one that has run out', showing(authority.issue('xun7', { to: new Date('2021-01-01') })), 'client-certificate'],
  ['one of tomorrow', showing(authority.issue('xun7', { from: new Date('2048-01-01') })), 'client-certificate'],
  ['one that was taken back', showing(taken), 'client-certificate'],
  ['one of another authority', showing(stranger.issue('xun7')), 'client-certificate'],
  ['one it made itself', showing(selfSigned('xun7')), 'client-certificate'],
  ["another device's", showing(authority.issue('xun1')), 'client-certificate'],
  ['one without a name', showing(authority.issue('')), 'client-certificate'],
])('with an authority a device with %s is refused and counted', async (_, ...[options, reason]) => {
  await using rig = await startSecure({ ca: authority.cert, crl: authority.revoke(taken) });
  await expect(connectDevice(rig.url, 'xun7', options)).rejects.toThrow();
  await until('counted', () => rig.counters.refused[reason as 'client-certificate'] === 1);
  expect(rig.broker.connected).toBe(0);
  await until('said', () => rig.lines.some(({ facts }) => facts.reason === reason));
  await using good = await connectDevice(rig.url, 'xun1', showing(authority.issue('xun1')));
  expect(good.client.connected).toBe(true);
});

test('what is not TLS, and a handshake that never ends, is cut off and counted', async () => {
  await using rig = await startSecure({}, { limits: { connectMs: 1_000 } });
  await using noise = await openSocket(rig.port);
  noise.write('GET / HTTP/1.1\r\n\r\n');
  await closed(noise);
  await using silent = await openSocket(rig.port);
  await closed(silent);
  await until('counted', () => rig.counters.refused['tls-handshake'] === 2);
  const handshaken = connect({ port: rig.port, host: '127.0.0.1', rejectUnauthorized: false });
  handshaken.on('error', () => {});
  await closed(handshaken);
  expect(rig.counters.refused['connect-timeout']).toBe(1);
});

test('strangers over TLS are counted with the plain ones, before the handshake', async () => {
  await using rig = await startSecure({}, { limits: { connectMs: 30_000, strangersPerAddress: 20 } });
  const sockets = await Promise.all(Array.from({ length: 28 }, () => openSocket(rig.port)));
  await until('eight refused', () => rig.counters.refused['too-many-sockets'] === 8);
  for (const socket of sockets) socket.destroy();
  await until('room again', async () =>
    connectDevice(rig.url, 'xun7', trusting).then(
      (device) => device.client.endAsync().then(() => true),
      () => false,
    ),
  );
});

test('a key that does not fit, or a file that is not there, is an error at once', async () => {
  await expect(startSecure({ key: authority.issue('other').key })).rejects.toThrow(/mqtt\.embedded\.tls: /);
  await expect(startBroker({ tls: { cert: '/none', key: '/none', port: 0 } })).rejects.toThrow(/ENOENT/);
});
