import { expect, test } from 'vitest';
import { evidencePlugin } from '../../../src/alerts/evidence/plugin.ts';
import type { Role } from '../../../src/shared/actor.ts';
import { openHouse } from '../../helpers/access-house.ts';
import { openEvidence } from './evidence-fixtures.ts';

/** The routes of evidence, as an account meets them. */
async function openRoutes() {
  const opened = new AsyncDisposableStack();
  const { evidence, alert } = opened.use(await openEvidence());
  const house = opened.use(
    await openHouse({
      routes: (app, { actorOf }) => void app.register(evidencePlugin, { evidence, actorOf }),
    }),
  );
  const caller = async (role: Role) => {
    const headers = await house.login(role, role);
    return async (method: 'GET' | 'POST' | 'HEAD', url: string, payload?: object) =>
      await house.app.inject({ method, url, headers, ...(payload && { payload }) });
  };
  return { alert, caller, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

const span = { from: '2026-11-26T08:00:00Z', to: '2026-11-26T08:10:00Z' };
const words = { purpose: '交警取证', recipient: '交警支队' };

test('each role may ask, decide and fetch as it should', async () => {
  await using routes = await openRoutes();
  const [seat, reviewer, viewer] = [
    await routes.caller('seat'),
    await routes.caller('reviewer'),
    await routes.caller('viewer'),
  ];
  const asked = await seat('POST', '/evidence', { alert: routes.alert.id, ...words });
  expect([asked.statusCode, asked.json().state]).toEqual([201, 'requested']);
  const { id } = asked.json();
  expect((await viewer('POST', '/evidence', { alert: routes.alert.id, ...words })).statusCode).toBe(403);
  expect((await seat('POST', `/evidence/${id}/approve`)).statusCode).toBe(403);
  expect((await reviewer('POST', `/evidence/${id}/approve`)).json()).toMatchObject({ state: 'approved', version: 2 });
  expect((await reviewer('POST', `/evidence/${id}/refuse`, { reason: 'x' })).json()).toMatchObject({
    status: 409,
    code: 'EVIDENCE_MOVE_REFUSED',
  });
  const zip = await seat('GET', `/alerts/${routes.alert.id}/evidence`);
  expect(zip.headers).toMatchObject({
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="evidence-${id}.zip"`,
  });
  expect(zip.rawPayload.subarray(0, 2).toString()).toBe('PK');
  expect((await seat('HEAD', `/evidence/${id}/package.zip`)).statusCode).toBe(404);
  expect((await viewer('GET', `/evidence/${id}/package.zip`)).statusCode).toBe(403);
  expect((await seat('GET', '/evidence?state=approved')).json().items).toMatchObject([{ id }]);
});

test('what is asked for wrongly is refused with a code, and nothing unknown is taken', async () => {
  await using routes = await openRoutes();
  const seat = await routes.caller('seat');
  const { id: alert } = routes.alert;
  const refused = async (body: object) => {
    const answer = await seat('POST', '/evidence', body);
    return [answer.statusCode, answer.json().code];
  };
  expect(await refused({ ...words })).toEqual([400, 'EVIDENCE_TERMS']);
  expect(await refused({ alert, ...words, from: span.to, to: span.from })).toEqual([400, 'EVIDENCE_TERMS']);
  expect(await refused({ alert: 'nowhere', ...words })).toEqual([404, 'ALERT_NOT_FOUND']);
  expect(await refused({ alert, ...words, cameras: ['nowhere'] })).toEqual([404, 'EVIDENCE_CAMERA']);
  expect(await refused({ alert, ...words, purpose: 'one\r\n用途：another' })).toEqual([400, 'INVALID_REQUEST']);
  expect(await refused({ alert, ...words, extra: 1 })).toEqual([400, 'INVALID_REQUEST']);
  expect((await seat('GET', '/evidence/nowhere/package.zip')).statusCode).toBe(404);
});

test('a reviewer locks footage and another account lets it go; a seat only sees it', async () => {
  await using routes = await openRoutes();
  const [seat, reviewer, admin] = [
    await routes.caller('seat'),
    await routes.caller('reviewer'),
    await routes.caller('admin'),
  ];
  const asked = { camera: 'k1432-120', ...span, headline: '11·26 事故', reason: '法院要求保全' };
  expect((await seat('POST', '/locks', asked)).statusCode).toBe(403);
  const lock = await reviewer('POST', '/locks', asked);
  expect([lock.statusCode, lock.json().state]).toEqual([201, 'standing']);
  const { id } = lock.json();
  expect((await seat('GET', '/locks?camera=k1432-120')).json().items).toMatchObject([{ id, headline: '11·26 事故' }]);
  const reason = { reason: '已结案' };
  expect((await reviewer('POST', `/locks/${id}/release`, reason)).json()).toMatchObject({ code: 'LOCK_OWN_RELEASE' });
  expect((await admin('POST', `/locks/${id}/release`, reason)).json()).toMatchObject({ state: 'released' });
  expect((await seat('GET', '/locks?released=true')).json().items).toMatchObject([{ id, state: 'released' }]);
  expect((await reviewer('POST', '/locks', { ...asked, to: '2026-12-26T08:10:00Z' })).json().code).toBe('LOCK_SPAN');
});
