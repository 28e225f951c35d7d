import { expect, test } from 'vitest';
import { attribute, DangerousXml, element, elements, escapeXml, number, parseXml, text } from '../../src/shared/xml.ts';

test('one child and many read alike, whatever their prefixes', () => {
  expect(elements(element(parseXml('<a:l xmlns:a="u"><b:p/></a:l>'), 'l'), 'p')).toHaveLength(1);
  expect(elements(element(parseXml('<l><p/><x:p/></l>'), 'l'), 'p')).toHaveLength(2);
  expect(elements(undefined, 'p')).toEqual([]);
});

test('text keeps its zeros, loses its escapes, and is absent when empty', () => {
  const xml = parseXml('<a t="&quot;01"><b>01</b><c> x&amp;lt;&#x4e2d;&#65; </c><d/><e k="1">5.5</e></a>');
  expect(text(xml, 'a', 'b')).toBe('01');
  expect(text(xml, 'a', 'c')).toBe('x&lt;中A');
  expect(text(xml, 'a', 'd')).toBeUndefined();
  expect(number(xml, 'a', 'e')).toBe(5.5);
  expect(number(xml, 'a', 'c')).toBeUndefined();
  expect(attribute(element(xml, 'a'), 't')).toBe('"01');
});

test('definitions, reserved names and endless nesting are dangerous', () => {
  expect(() => parseXml('<!DOCTYPE a><a/>')).toThrow(DangerousXml);
  expect(() => parseXml('<a/><! entity x "y">')).toThrow(DangerousXml);
  expect(() => parseXml('<a>'.repeat(100))).toThrow(DangerousXml);
  expect(() => parseXml('<a><constructor>x</constructor></a>')).toThrow(DangerousXml);
  expect(() => parseXml('<a><b')).toThrow(SyntaxError);
});

test('what is escaped reads as it was', () => {
  const hostile = `<a href="x">&'`;
  expect(text(parseXml(`<v>${escapeXml(hostile)}</v>`), 'v')).toBe(hostile);
});
