import { expect, test } from 'vitest';
import { isCodeOf, PhoneBook } from '../../../src/ingest/jt808/phone-book.ts';

const device = { id: 'xun7', password: 'xun7-secret', jt808: { phone: '013800138000' } };
const codeOf = (given: Partial<typeof device> = {}) =>
  new PhoneBook([{ ...device, ...given }]).find('13800138000')?.code;

test('a number is found whatever zeros lead it, and nobody else is', () => {
  const book = new PhoneBook([device, { id: 'ws01', password: 'p' }]);
  for (const phone of ['013800138000', '13800138000', '00000000013800138000'])
    expect(book.find(phone)).toMatchObject({ device: 'xun7', datum: 'wgs84' });
  for (const phone of ['', '000000000000', '138001380000', '13800138001']) expect(book.find(phone)).toBeUndefined();
});

test('the code is the same after a restart, and another with another password or number', () => {
  const code = codeOf() ?? '';
  expect(code).toMatch(/^[0-9a-f]{24}$/);
  expect(codeOf()).toBe(code);
  expect(codeOf({ password: 'other' })).not.toBe(code);
  expect(new PhoneBook([{ ...device, jt808: { phone: '13800138001' } }]).find('13800138001')?.code).not.toBe(code);
});

test('only the whole code is right', () => {
  const terminal = new PhoneBook([device]).find('13800138000');
  if (!terminal) throw new Error('no terminal');
  const { code } = terminal;
  expect(isCodeOf(terminal, code)).toBe(true);
  for (const wrong of ['', code.slice(1), `${code}0`, code.toUpperCase().replace(/[0-9]/g, 'A'), 'é'.repeat(24)])
    expect(isCodeOf(terminal, wrong)).toBe(false);
});
