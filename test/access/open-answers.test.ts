import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { systemActor } from '../../src/shared/actor.ts';
import { openHouse } from '../helpers/access-house.ts';

/** A download that never ends by itself. */
const routes = {
  routes: (app) => {
    app.get('/download', { config: { access: 'any' } }, async (_request, reply) => {
      const body = new PassThrough();
      body.write('the first of it');
      return reply.send(body);
    });
  },
} satisfies Parameters<typeof openHouse>[0];

test('a download does not outlive its session; one of another account goes on, and a logout is answered', async () => {
  await using house = await openHouse(routes);
  const url = await house.app.listen({ port: 0, host: '127.0.0.1' });
  const begin = async (name: string) => {
    const { authorization } = await house.login(name);
    const headers = { authorization };
    const reader = (await fetch(`${url}/download`, { headers })).body?.getReader();
    await reader?.read();
    return {
      headers,
      reader,
      next: reader?.read().then(
        () => 'more',
        () => 'cut',
      ),
    };
  };
  const gone = await begin('gone');
  const other = await begin('other');
  const account = await house.access.accounts.findByName('gone');
  await house.access.accounts.edit(account?.id ?? '', { disabled: true }, systemActor);
  expect(await gone.next).toBe('cut');
  expect(await Promise.race([other.next, Promise.resolve('still open')])).toBe('still open');

  const left = await fetch(`${url}/api/v1/auth/logout`, { method: 'POST', headers: other.headers });
  expect(left.status).toBe(204);
  expect(await other.next).toBe('cut');
});
