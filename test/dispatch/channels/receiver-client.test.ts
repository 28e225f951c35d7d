import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:net';
import { expect, test } from 'vitest';
import { ReceiverClient } from '../../../src/dispatch/channels/receiver-client.ts';
import { selfSigned } from '../../helpers/self-signed.ts';

async function listening(server: Server & { closeAllConnections(): void }) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const end = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: typeof address === 'object' && address ? address.port : 0, [Symbol.asyncDispose]: end };
}

const post = (client: ReceiverClient, url: string, signal = AbortSignal.timeout(20_000)) =>
  client.post({ url: new URL(url), headers: {}, body: '{}' }, signal);

test.each([
  'http://127.0.0.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://2130706433/',
  'http://0177.0.0.1/',
  'http://0x7f000001/',
  'http://localhost/',
  'http://169.254.169.254/latest/meta-data/',
  'http://100.100.100.200/',
  'http://10.1.2.3/',
  'http://192.168.0.1/',
  'http://[fc00::1]/',
])('T38: %s is not dialled unless its network is listed', async (url) => {
  const client = new ReceiverClient({ allow: [] });
  await expect(post(client, url)).rejects.toMatchObject({
    code: 'NOT_DELIVERED',
    message: 'its address is not allowed',
  });
});

test('T38: networks that are listed are all that is dialled', async () => {
  const client = new ReceiverClient({ allow: ['10.0.0.0/8'] });
  for (const url of ['http://127.0.0.1/', 'http://203.0.113.7/', 'http://192.168.0.1/'])
    await expect(post(client, url)).rejects.toMatchObject({ message: 'its address is not allowed' });
});

test('a name that nobody knows is said to be one', async () => {
  const client = new ReceiverClient({ allow: [] });
  await expect(post(client, 'http://nobody.invalid/')).rejects.toMatchObject({
    message: 'its host name cannot be resolved',
  });
});

test('an answer without end is taken for its status alone', async () => {
  const endless: RequestListener = (_request, response) => void response.writeHead(200).write('and so on');
  await using server = await listening(createPlainServer(endless));
  await post(new ReceiverClient({ allow: ['127.0.0.0/8'] }), `http://127.0.0.1:${server.port}/`);
});

test('a certificate is asked for the name that was dialled, and trusted only by who vouches for it', async () => {
  const { key, cert } = selfSigned('localhost');
  await using server = await listening(createServer({ key, cert }, (_request, response) => void response.end()));
  const allow = ['127.0.0.0/8'];
  await post(new ReceiverClient({ allow, ca: cert }), `https://localhost:${server.port}/`);
  await expect(post(new ReceiverClient({ allow }), `https://localhost:${server.port}/`)).rejects.toMatchObject({
    message: expect.stringMatching(/^it cannot be reached \(\w*SELF_SIGNED\w*\)$/),
  });
  await expect(
    post(new ReceiverClient({ allow, ca: cert }), `https://127.0.0.1:${server.port}/`),
  ).rejects.toMatchObject({
    code: 'NOT_DELIVERED',
  });
});

test('who gives up hears why at once', async () => {
  await using server = await listening(createPlainServer(() => undefined));
  const giving = new AbortController();
  const posted = post(
    new ReceiverClient({ allow: ['127.0.0.0/8'] }),
    `http://127.0.0.1:${server.port}/`,
    giving.signal,
  );
  giving.abort(new Error('closing'));
  await expect(posted).rejects.toThrow('closing');
});
