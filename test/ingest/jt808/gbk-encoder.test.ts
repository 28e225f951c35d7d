import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GbkEncoder } from '../../../src/ingest/jt808/gbk-encoder.ts';

test('Chinese is two bytes a character, ASCII is itself, and what GBK has not is a question mark', () => {
  const gbk = new GbkEncoder();
  expect(gbk.encode('天亮 G76').toString('hex')).toBe('ccecc1c120473736');
  expect(gbk.encode('镕€').toString('hex')).toBe('e946a2e3');
  expect(gbk.encode('a😀é\ufffdb').toString('latin1')).toBe('a?\xa8\xa6?b');
});

test('what is encoded is read back as it was, question marks aside', () => {
  const gbk = new GbkEncoder();
  const decoder = new TextDecoder('gbk');
  const text = fc.string({ unit: fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCodePoint(code)) });
  fc.assert(
    fc.property(text, (written) => {
      expect(decoder.decode(gbk.encode(written))).toBe(written);
    }),
  );
  const any = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(any, (written) => {
      const read = [...decoder.decode(gbk.encode(written))];
      expect([...written].filter((character, index) => read[index] !== character && read[index] !== '?')).toEqual([]);
    }),
  );
});
