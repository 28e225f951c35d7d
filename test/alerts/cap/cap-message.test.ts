import { expect, test } from 'vitest';
import { type CapDocument, NotCapError, readDocument } from '../../../src/alerts/cap/cap-document.ts';
import type { CapMessage } from '../../../src/alerts/cap/cap-message.ts';
import { DangerousXml } from '../../../src/shared/xml.ts';
import { atomXml, type CapAlert, capXml, outline, referenceTo } from './cap-documents.ts';

const read = (xml: string): CapDocument => readDocument(Buffer.from(xml));
const sent = '2026-11-26T08:00:00+08:00';

function readOne(alert: Partial<CapAlert> = {}): CapMessage {
  const [reading] = read(capXml({ identifier: 'a1', sent, ...alert })).readings;
  return reading?.kind === 'message' ? reading.message : expect.fail(`no message but ${JSON.stringify(reading)}`);
}

test('a warning says what, how bad, from when to when and where', () => {
  const info = {
    language: 'zh-CN',
    headline: '毕节市气象台发布大雾橙色预警信号',
    effective: '2026-11-26T08:00:00+08:00',
    onset: '2026-11-26T09:00:00+08:00',
    expires: '2026-11-26T20:00:00+08:00',
  };
  expect(readOne({ infos: [info] })).toMatchObject({
    id: 'bijie@weather.example,a1',
    sent: '2026-11-26T00:00:00.000Z',
    type: 'alert',
    references: [],
    notices: [
      {
        event: '大雾',
        headline: '毕节市气象台发布大雾橙色预警信号',
        sender: '毕节市气象台',
        severity: 'Severe',
        urgency: 'Expected',
        certainty: 'Likely',
        from: '2026-11-26T01:00:00.000Z',
        until: '2026-11-26T12:00:00.000Z',
        codes: [],
      },
    ],
  });
});

test.each([
  [['en-US', 'zh-CN', 'fr'], ['zh-CN']],
  [['en-US', 'zh-TW', 'zh-CN'], ['zh-CN']],
  [['fr', 'zh'], ['zh']],
  [['fr', 'en-GB'], ['en-GB']],
  [['fr', undefined], [undefined]],
  [
    ['fr', 'de', 'fr'],
    ['fr', 'fr'],
  ],
] as const)('of %s the info of %s is read', (languages, chosen) => {
  const infos = languages.map((language) => ({ event: String(language), ...(language && { language }) }));
  expect(readOne({ infos }).notices.map(({ event }) => event)).toEqual(chosen.map(String));
});

test('without onset it begins when it takes effect, else when it was sent; without an end it holds a day', () => {
  const effective = '2026-11-26T09:30:00+08:00';
  expect(readOne({ infos: [{ effective }] }).notices[0]?.from).toBe('2026-11-26T01:30:00.000Z');
  expect(readOne({ infos: [{ onset: 'tomorrow', expires: '2026-11-26T20:00:00' }] }).notices[0]).toMatchObject({
    from: '2026-11-26T00:00:00.000Z',
    until: '2026-11-27T00:00:00.000Z',
  });
});

test('polygons, circles and geocodes of all areas count; what cannot be read is left out', () => {
  const area = `<areaDesc>x</areaDesc>
    <polygon>1,2 1,4 3,4 1,2</polygon><polygon>1,2 3</polygon><polygon></polygon>
    <circle>27.3,105.3 5</circle><circle>27.3 105.3 5</circle>
    <geocode><valueName>adcode</valueName><value>520500</value></geocode>
    <geocode><valueName>adcode</valueName><value>520500</value></geocode>`;
  const [notice] = readOne({ infos: [{ area: `${area}</area><area>${outline('5,6 5,8 7,8 5,6')}` }] }).notices;
  expect(notice?.outlines.map((ring) => ring.length)).toEqual([4, 4, 65]);
  expect(notice?.codes).toEqual(['520500']);
});

test('what the standard does not know of severity is unknown', () => {
  const [notice] = readOne({ infos: [{ severity: 'Apocalyptic', urgency: 'soon', certainty: '' }] }).notices;
  expect(notice).toMatchObject({ severity: 'Unknown', urgency: 'Unknown', certainty: 'Unknown' });
});

test.each([
  [{ status: 'Test' }, 'ignored'],
  [{ status: 'Exercise' }, 'ignored'],
  [{ status: 'Draft' }, 'ignored'],
  [{ status: 'System' }, 'ignored'],
  [{ msgType: 'Ack' }, 'ignored'],
  [{ msgType: 'Error' }, 'ignored'],
  [{ sent: '2026-11-26 08:00' }, 'refused'],
  [{ sent: '2026-11-26T08:00:00' }, 'refused'],
  [{ identifier: 'two words' }, 'refused'],
  [{ identifier: 'x'.repeat(201) }, 'refused'],
  [{ sender: '' }, 'refused'],
  [{ msgType: 'Cancel' }, 'refused'],
] as const)('a message with %o is %s', (changes, kind) => {
  const { readings } = read(capXml({ identifier: 'a1', sent, ...changes }));
  expect(readings.map((reading) => reading.kind)).toEqual([kind]);
});

test('an update names the messages before it, the oldest first; a cancel needs no info', () => {
  const [first, second] = [
    { identifier: 'a1', sent: '2026-11-26T08:00:00+08:00' },
    { identifier: 'a2', sent: '2026-11-26T09:00:00+08:00' },
  ];
  const references = `${referenceTo(second)} ${referenceTo(first)} rubbish`;
  const update = readOne({ identifier: 'a3', msgType: 'Update', references });
  expect(update.references).toEqual(['bijie@weather.example,a1', 'bijie@weather.example,a2']);
  expect(readOne({ identifier: 'a4', msgType: 'Cancel', references, infos: [] })).toMatchObject({
    type: 'cancel',
    references: ['bijie@weather.example,a1', 'bijie@weather.example,a2'],
    notices: [],
  });
});

test('an update that says all is clear warns of nothing', () => {
  const references = referenceTo({ identifier: 'a1', sent });
  for (const info of [{ responseType: 'AllClear' }, { urgency: 'Past' }])
    expect(readOne({ identifier: 'a2', msgType: 'Update', references, infos: [info] }).notices).toEqual([]);
});

test('an Atom or RSS index leads to its messages once each, and holds some itself', () => {
  expect(read(atomXml(['a.xml', 'b.xml', 'a.xml'])).links).toEqual(['a.xml', 'b.xml']);
  const rss = `<rss version="2.0"><channel><link>http://x/</link>
    <item><link>http://x/1.xml</link></item>
    <item><link>http://x/page</link><enclosure url="http://x/2.xml" type="application/cap+xml" length="1"/></item>
    <item><title>nothing</title></item></channel></rss>`;
  expect(read(rss).links).toEqual(['http://x/1.xml', 'http://x/2.xml']);
  const held = capXml({ identifier: 'a1', sent }).replace(/<\?xml.*\?>/, '');
  const atom = `<feed><entry><link href="page.html" type="text/html"/><content type="text/xml">${held}</content></entry>
    <entry><link rel="edit" href="no"/><link href="page"/><link type="application/cap+xml" href="c.xml"/></entry></feed>`;
  const document = read(atom);
  expect(document.readings.map(({ kind }) => kind)).toEqual(['message']);
  expect(document.links).toEqual(['c.xml']);
});

test('a document in the encoding of its country is read in it', () => {
  // "大雾" in GB 18030.
  const xml = capXml({ identifier: 'a1', sent }).replace('UTF-8', 'GB18030');
  const [before = '', ...after] = xml.split('大雾');
  const tail = after.join('大雾').replace('毕节市气象台', '').replace('七星关区', '');
  const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xb4, 0xf3, 0xce, 0xed]), Buffer.from(tail)]);
  const [reading] = readDocument(bytes).readings;
  expect(reading).toMatchObject({ kind: 'message', message: { notices: [{ event: '大雾' }] } });
});

test('what is no feed is refused, and what is dangerous too', () => {
  expect(() => read('<html><body/></html>')).toThrow(NotCapError);
  expect(() => read('not xml at all')).toThrow(Error);
  const bomb = `<!DOCTYPE alert [<!ENTITY a "${'a'.repeat(100)}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
  expect(() => read(capXml({ identifier: 'a1', sent }).replace('?>', `?>${bomb}`))).toThrow(DangerousXml);
  expect(() => read('<alert>'.repeat(100))).toThrow(DangerousXml);
});

test('no entity is replaced but the five of XML', () => {
  expect(readOne({ infos: [{ headline: '&lt;fog&gt; &xxe; &amp;' }] }).notices[0]?.headline).toBe('<fog> &xxe; &');
});
