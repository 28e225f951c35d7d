import { expect, test } from 'vitest';
import { Jt808Terminal, type Jt808TerminalOptions } from '../../../demo/simulators/jt808-terminal.ts';
import { IntakeCounters } from '../../../src/ingest/intake-counters.ts';
import { Jt808Server } from '../../../src/ingest/jt808/jt808-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { jt808, jt808Devices, phones, xun3 } from './terminal.ts';

async function start(limits = {}) {
  const append = async () => {};
  const counters = new IntakeCounters();
  const server = new Jt808Server({ ...jt808, devices: jt808Devices, append, counters, limits, log: silentLog });
  await server.start();
  const logIn = async (options: Partial<Jt808TerminalOptions> = {}) => {
    const terminal = await Jt808Terminal.connect({ port: server.address.port, phone: phones.xun7, ...options });
    await terminal.logIn();
    return terminal;
  };
  return { server, logIn, [Symbol.asyncDispose]: () => server.close() };
}

test.each([
  ['2013', 'xun7', {}],
  ['2019', 'xun3', xun3],
])('a text reaches a terminal of %s in GBK, and its word that it has it comes back', async (_, device, options) => {
  await using house = await start();
  await using terminal = await house.logIn(options);
  await house.server.sendText(device, ' K1432+300 有行人，\n请前往 😀 ');
  expect(terminal.texts).toEqual(['K1432+300 有行人， 请前往 ?']);
});

test('texts to many, answered in any order, find their own answers', async () => {
  await using house = await start();
  await using one = await house.logIn();
  await using other = await house.logIn({ ...xun3, textResult: 1 });
  const sent = await Promise.allSettled([
    ...['一', '二', '三'].map((text) => house.server.sendText('xun7', text)),
    house.server.sendText('xun3', '四'),
  ]);
  expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  expect(one.texts).toEqual(['一', '二', '三']);
  expect(other.texts).toEqual(['四']);
});

test('what the terminal does not take is an error with its result', async () => {
  await using house = await start();
  await using _terminal = await house.logIn({ textResult: 3 });
  const refused = { code: 'TERMINAL_REFUSED', statusCode: 502, result: 3 };
  await expect(house.server.sendText('xun7', '集合')).rejects.toMatchObject(refused);
});

test('a terminal that says nothing is waited for so long, and is not told more than it can', async () => {
  await using house = await start({ answerMs: 300 });
  await using terminal = await house.logIn({ textResult: 'silent' });
  const sent = await Promise.allSettled(Array.from({ length: 17 }, () => house.server.sendText('xun7', '集合')));
  const codes = sent.map((one) => one.status === 'rejected' && one.reason.code);
  expect(codes.filter((code) => code === 'TERMINAL_SILENT')).toHaveLength(16);
  expect(codes.at(-1)).toBe('TERMINAL_BUSY');
  expect(terminal.texts).toHaveLength(16);
});

test('a terminal that is not there, goes away, or is replaced while it is told, is not connected', async () => {
  await using house = await start();
  const offline = { code: 'TERMINAL_OFFLINE', statusCode: 409 };
  await expect(house.server.sendText('xun7', '集合')).rejects.toMatchObject(offline);
  await expect(house.server.sendText('ws01', '集合')).rejects.toMatchObject(offline);
  await using leaving = await house.logIn({ textResult: 'silent' });
  const told = house.server.sendText('xun7', '集合');
  await Promise.all([expect(told).rejects.toMatchObject(offline), leaving.close()]);
  await using _old = await house.logIn({ textResult: 'silent' });
  const toOld = house.server.sendText('xun7', '集合');
  await using newer = (await Promise.all([house.logIn(), expect(toOld).rejects.toMatchObject(offline)]))[0];
  await house.server.sendText('xun7', '收到');
  expect(newer.texts).toEqual(['收到']);
});

test.each([
  ['no word', ' \n\t'],
  ['more than a message holds', '路'.repeat(511)],
])('a text of %s is refused before it is sent', async (_, text) => {
  await using house = await start();
  await using terminal = await house.logIn();
  await expect(house.server.sendText('xun7', text)).rejects.toMatchObject({ code: 'TERMINAL_TEXT_INVALID' });
  await house.server.sendText('xun7', '路'.repeat(510));
  expect(terminal.texts).toEqual(['路'.repeat(510)]);
});
