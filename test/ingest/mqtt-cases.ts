import { bytes, field, frame, hello, number16 as id, type Part } from './mqtt-frames.ts';

/**
 * One thing a client sends, and what MQTT 3.1.1 (OASIS, 2014) wants to come of it: the answer in hex, `closed` when the
 * connection has to end, with the answer in front of it where there has to be one.
 */
export interface MqttCase {
  readonly what: string;
  readonly sent: Buffer;
  readonly expected: string;
  readonly clause: string;
  /** The end of the connection is in order, and no refusal. */
  readonly inOrder?: true;
}

type Row = readonly [what: string, sent: Buffer, expected: string, clause: string];
const cases = (rows: readonly Row[]): MqttCase[] =>
  rows.map(([what, sent, expected, clause]) => ({ what, sent, expected, clause }));

const me = 'xun7';
const topic = 'tianliang/terminals/xun7/status';
const filter = 'tianliang/commands/xun7';
const named = [field(me), field(me), field(`${me}-secret`)] as const;
const cutHello = (length: number) => frame(0x10, hello(me).subarray(2, 2 + length));

const names: Readonly<Record<number, string>> = {
  0: 'type 0',
  2: 'CONNACK',
  3: 'PUBLISH',
  4: 'PUBACK',
  5: 'PUBREC',
  6: 'PUBREL',
  7: 'PUBCOMP',
  8: 'SUBSCRIBE',
  9: 'SUBACK',
  10: 'UNSUBSCRIBE',
  11: 'UNSUBACK',
  12: 'PINGREQ',
  13: 'PINGRESP',
  14: 'DISCONNECT',
  15: 'type 15',
};
/** One of each type that is right in itself. */
const proper: Readonly<Record<number, Buffer>> = {
  0: frame(0x00),
  2: frame(0x20, [0, 0]),
  3: frame(0x30, field(topic), '{}'),
  4: frame(0x40, id(9)),
  5: frame(0x50, id(9)),
  6: frame(0x62, id(9)),
  7: frame(0x70, id(9)),
  8: frame(0x82, id(9), field(filter), [1]),
  9: frame(0x90, id(9), [1]),
  10: frame(0xa2, id(9), field(filter)),
  11: frame(0xb0, id(9)),
  12: frame(0xc0),
  13: frame(0xd0),
  14: frame(0xe0),
  15: frame(0xf0),
};
const properOf = (type: number) => proper[type] ?? Buffer.alloc(0);
const nameOf = (type: number) => names[type] ?? '';

/** To a broker that has heard nothing yet. */
export const strangerCases: readonly MqttCase[] = [
  ...cases([
    ['CONNECT as it should be', hello(me), '20020000', '3.1.4-4'],
    ['CONNECT of MQTT 3.1', hello(me, { name: 'MQIsdp', level: 3 }), '20020000', 'MQTT 3.1 §3.1'],
    ['CONNECT with a clean session of its own', hello(me, { flags: 0xc0 }), '20020000', '3.1.2-4'],
    ['CONNECT with another protocol name', hello(me, { name: 'MQTX' }), 'closed', '3.1.2-1'],
    ['CONNECT with the name in lower case', hello(me, { name: 'mqtt' }), 'closed', '3.1.2-1'],
    ['CONNECT without a name', hello(me, { name: '' }), 'closed', '3.1.2-1'],
    ['CONNECT of level 0', hello(me, { level: 0 }), '20020001 closed', '3.1.2-2'],
    ['CONNECT of level 3 under the name of 4', hello(me, { level: 3 }), '20020001 closed', '3.1.2-2'],
    ['CONNECT of level 5', hello(me, { level: 5 }), '20020001 closed', '3.1.2-2'],
    ['CONNECT of level 6', hello(me, { level: 6 }), '20020001 closed', '3.1.2-2'],
    ['CONNECT of level 0x84', hello(me, { level: 0x84 }), '20020001 closed', '3.1.2-2'],
    ['CONNECT with the reserved flag', hello(me, { flags: 0xc3 }), 'closed', '3.1.2-3'],
    ['CONNECT with a will QoS and no will', hello(me, { flags: 0xca }), 'closed', '3.1.2-13'],
    ['CONNECT with will retain and no will', hello(me, { flags: 0xe2 }), 'closed', '3.1.2-15'],
    [
      'CONNECT with a will of QoS 3',
      hello(me, { flags: 0xde, payload: [field(me), field(topic), field('{}'), ...named.slice(1)] }),
      'closed',
      '3.1.2-14',
    ],
    [
      'CONNECT with a will of its own',
      hello(me, { flags: 0xce, payload: [field(me), field(topic), field('{}'), ...named.slice(1)] }),
      '20020000',
      '3.1.2-8',
    ],
    ['CONNECT with a will and no topic of it', hello(me, { flags: 0x06, payload: [field(me)] }), 'closed', '3.1.2-9'],
    [
      'CONNECT with a will and no message of it',
      hello(me, { flags: 0x06, payload: [field(me), field(topic)] }),
      'closed',
      '3.1.2-9',
    ],
    [
      'CONNECT with a password and no user',
      hello(me, { flags: 0x42, payload: [field(me), field('x')] }),
      'closed',
      '3.1.2-22',
    ],
    ['CONNECT that says user and has none', hello(me, { flags: 0x82, payload: [field(me)] }), 'closed', '3.1.2-19'],
    ['CONNECT that says password and has none', hello(me, { payload: [field(me), field(me)] }), 'closed', '3.1.2-21'],
    [
      'CONNECT that says no user and has one',
      hello(me, { flags: 0x02, payload: [field(me), field(me)] }),
      'closed',
      '3.1.2-18',
    ],
    ['CONNECT that says no password and has one', hello(me, { flags: 0x82 }), 'closed', '3.1.2-20'],
    ['CONNECT with a byte behind its end', hello(me, { payload: [...named, [0]] }), 'closed', '3.1.3'],
    ['CONNECT with nothing in it', frame(0x10), 'closed', '3.1.2'],
    ['CONNECT cut after its name', cutHello(6), 'closed', '3.1.2'],
    ['CONNECT cut after its level', cutHello(7), 'closed', '3.1.2'],
    ['CONNECT cut after its flags', cutHello(8), 'closed', '3.1.2'],
    ['CONNECT cut in its keep alive', cutHello(9), 'closed', '3.1.2'],
    ['CONNECT cut before its client id', cutHello(10), 'closed', '3.1.3-3'],
    ['CONNECT cut in its client id', cutHello(13), 'closed', '3.1.3-3'],
    ['CONNECT with a client id longer than itself', hello(me, { payload: [id(200), me] }), 'closed', '1.5.3'],
    [
      'CONNECT with a password longer than itself',
      hello(me, { payload: [field(me), field(me), id(200), 'x'] }),
      'closed',
      '1.5.3',
    ],
    ['CONNECT that never ends', bytes([0x10, 60], field('MQTT')), 'closed', '3.1.4'],
    [
      'a client id of no UTF-8',
      hello(me, { payload: [field([0xff, 0xfe]), ...named.slice(1)] }),
      '20020002 closed',
      '1.5.3-1',
    ],
    [
      'a client id with U+0000',
      hello(me, { payload: [field('xun7\0'), ...named.slice(1)] }),
      '20020002 closed',
      '1.5.3-2',
    ],
    [
      'no client id, to be kept',
      hello(me, { flags: 0xc0, payload: [field(''), ...named.slice(1)] }),
      '20020002 closed',
      '3.1.3-8',
    ],
    ['no client id', hello(me, { payload: [field(''), ...named.slice(1)] }), '20020002 closed', '3.1.3-6'],
    ['a wrong password', hello(me, { payload: [field(me), field(me), field('guess')] }), '20020004 closed', '3.2.2.3'],
    ['nobody', hello(me, { flags: 0x02, payload: [field(me)] }), '20020004 closed', '3.2.2.3'],
    ['a remaining length of five bytes', bytes([0x10, 0xff, 0xff, 0xff, 0xff, 0x01]), 'closed', '2.2.3'],
  ]),
  ...[1, 2, 4, 8, 15].map((flags) => ({
    what: `CONNECT with flags ${flags} in its header`,
    sent: hello(me, { first: 0x10 | flags }),
    expected: 'closed',
    clause: '2.2.2-2',
  })),
  ...Object.keys(proper).map((type) => ({
    what: `${nameOf(Number(type))} before CONNECT`,
    sent: properOf(Number(type)),
    expected: 'closed',
    clause: '3.1.0-1',
  })),
];

const acknowledgements = [4, 5, 6, 7];
const fixedFlags = new Map([
  [4, 0],
  [5, 0],
  [6, 2],
  [7, 0],
  [8, 2],
  [10, 2],
  [12, 0],
  [14, 0],
]);
const withFlags = (packet: Buffer, flags: number) => bytes([((packet[0] ?? 0) & 0xf0) | flags], packet.subarray(1));
const publish = (first: number, ...rest: readonly Part[]) => frame(first, field(topic), ...rest);

/** From a device that is let in. */
export const deviceCases: readonly MqttCase[] = [
  ...[0, 2, 9, 11, 13, 15].map((type) => ({
    what: `${nameOf(type)} of a client`,
    sent: properOf(type),
    expected: 'closed',
    clause: '2.2.1',
  })),
  { what: 'a second CONNECT', sent: hello(me), expected: 'closed', clause: '3.1.0-2' },
  ...[...fixedFlags].flatMap(([type, right]) =>
    [0, 1, 2, 3, 4, 8, 15]
      .filter((flags) => flags !== right)
      .map((flags) => ({
        what: `${nameOf(type)} with flags ${flags}`,
        sent: withFlags(properOf(type), flags),
        expected: 'closed',
        clause: '2.2.2-2',
      })),
  ),
  ...acknowledgements.flatMap((type) => {
    const [first = 0] = properOf(type);
    return cases([
      [`${nameOf(type)} of nothing`, frame(first), 'closed', `3.${type}.1`],
      [`${nameOf(type)} of half a packet id`, frame(first, [0]), 'closed', `3.${type}.1`],
      [`${nameOf(type)} with a byte too many`, frame(first, id(9), [0]), 'closed', `3.${type}.1`],
      [`${nameOf(type)} of packet id 0`, frame(first, id(0)), 'closed', '2.3.1-1'],
    ]);
  }),
  ...cases([
    ['PUBACK of what was not sent', frame(0x40, id(9)), '', '4.3.2'],
    ['PUBREC of what was not sent', frame(0x50, id(9)), '62020009', '4.3.3'],
    ['PUBREL of what was not sent', frame(0x62, id(9)), '70020009', '4.3.3-2'],
    ['PUBCOMP of what was not sent', frame(0x70, id(9)), '', '4.3.3'],
    ['PINGREQ', frame(0xc0), 'd000', '3.12.4-1'],
    ['PINGREQ with a byte in it', frame(0xc0, [0]), 'closed', '3.12'],
    ['DISCONNECT with a byte in it', frame(0xe0, [0]), 'closed', '3.14'],
    ['PUBLISH of QoS 0', publish(0x30, '{}'), '', '4.3.1'],
    ['PUBLISH of QoS 1', publish(0x32, id(7), '{}'), '40020007', '4.3.2-2'],
    ['PUBLISH of QoS 1, once more', publish(0x3a, id(7), '{}'), '40020007', '3.3.1-1'],
    ['PUBLISH of QoS 2', publish(0x34, id(8), '{}'), '50020008', '4.3.3-2'],
    ['PUBLISH of no payload', publish(0x32, id(7)), '40020007', '3.3.3'],
    ['PUBLISH of QoS 0 with DUP', publish(0x38, '{}'), 'closed', '3.3.1-2'],
    ['PUBLISH of QoS 3', publish(0x36, id(7), '{}'), 'closed', '3.3.1-4'],
    ['PUBLISH of QoS 1 with packet id 0', publish(0x32, id(0), '{}'), 'closed', '2.3.1-1'],
    ['PUBLISH of QoS 2 with packet id 0', publish(0x34, id(0), '{}'), 'closed', '2.3.1-1'],
    ['PUBLISH of QoS 1 that ends before its packet id', publish(0x32), 'closed', '3.3.2'],
    ['PUBLISH of QoS 1 that ends in its packet id', publish(0x32, [0]), 'closed', '3.3.2'],
    ['PUBLISH without an id, another packet behind it', bytes(publish(0x32), frame(0xc0)), 'closed', '3.3.2'],
    ['PUBLISH of nothing', frame(0x30), 'closed', '3.3.2-1'],
    ['PUBLISH of half a length', frame(0x30, [0]), 'closed', '3.3.2-1'],
    ['PUBLISH of an empty topic', frame(0x30, field(''), '{}'), 'closed', '4.7.3-1'],
    ['PUBLISH of an empty topic at QoS 1', frame(0x32, field(''), id(7)), 'closed', '4.7.3-1'],
    ['PUBLISH of a topic longer than itself', frame(0x30, id(200), 'tianliang'), 'closed', '1.5.3'],
    [
      'PUBLISH of a topic as long as the next packet',
      bytes(frame(0x30, id(9), 'abc'), publish(0x30)),
      'closed',
      '1.5.3',
    ],
    ['PUBLISH to +', frame(0x32, field('tianliang/+/xun7/status'), id(7)), 'closed', '3.3.2-2'],
    ['PUBLISH to #', frame(0x32, field('tianliang/#'), id(7)), 'closed', '3.3.2-2'],
    ['SUBSCRIBE to its own', properOf(8), '9003000901', '3.8.4-1'],
    ['SUBSCRIBE to two', frame(0x82, id(9), field(filter), [0], field('#'), [0]), '900400090080', '3.8.4-5'],
    ['SUBSCRIBE of nothing', frame(0x82, id(9)), 'closed', '3.8.3-3'],
    ['SUBSCRIBE of no packet id', frame(0x82), 'closed', '2.3.1-1'],
    ['SUBSCRIBE of half a packet id', frame(0x82, [0]), 'closed', '2.3.1-1'],
    ['SUBSCRIBE of packet id 0', frame(0x82, id(0), field(filter), [1]), 'closed', '2.3.1-1'],
    ['SUBSCRIBE to an empty filter', frame(0x82, id(9), field(''), [1]), 'closed', '4.7.3-1'],
    ['SUBSCRIBE without a QoS', frame(0x82, id(9), field(filter)), 'closed', '3.8.3'],
    [
      'SUBSCRIBE without a QoS, another packet behind it',
      bytes(frame(0x82, id(9), field(filter)), frame(0xc0)),
      'closed',
      '3.8.3',
    ],
    ['SUBSCRIBE at QoS 3', frame(0x82, id(9), field(filter), [3]), 'closed', '3.8.3-4'],
    ['SUBSCRIBE with a reserved bit', frame(0x82, id(9), field(filter), [0x81]), 'closed', '3.8.3-4'],
    ['SUBSCRIBE to a filter longer than itself', frame(0x82, id(9), id(200), filter, [1]), 'closed', '1.5.3'],
    ['SUBSCRIBE, the second filter cut', frame(0x82, id(9), field(filter), [1], [0]), 'closed', '3.8.3'],
    ['SUBSCRIBE to a/#/b', frame(0x82, id(9), field('a/#/b'), [1]), 'closed', '4.7.1-2'],
    ['SUBSCRIBE to ab#', frame(0x82, id(9), field('ab#'), [1]), 'closed', '4.7.1-2'],
    ['SUBSCRIBE to ab+/c', frame(0x82, id(9), field('ab+/c'), [1]), 'closed', '4.7.1-3'],
    ['UNSUBSCRIBE from its own', properOf(10), 'b0020009', '3.10.4-4'],
    ['UNSUBSCRIBE from what it does not hear', frame(0xa2, id(9), field('a/b')), 'b0020009', '3.10.4-5'],
    ['UNSUBSCRIBE from nothing', frame(0xa2, id(9)), 'closed', '3.10.3-2'],
    ['UNSUBSCRIBE of no packet id', frame(0xa2), 'closed', '2.3.1-1'],
    ['UNSUBSCRIBE of packet id 0', frame(0xa2, id(0), field(filter)), 'closed', '2.3.1-1'],
    ['UNSUBSCRIBE from an empty filter', frame(0xa2, id(9), field('')), 'closed', '4.7.3-1'],
    ['UNSUBSCRIBE from a filter longer than itself', frame(0xa2, id(9), id(200), filter), 'closed', '1.5.3'],
    ['UNSUBSCRIBE, the second filter cut', frame(0xa2, id(9), field(filter), [0]), 'closed', '3.10.3'],
    ['UNSUBSCRIBE from a/#/b', frame(0xa2, id(9), field('a/#/b')), 'closed', '4.7.1-2'],
    ['a remaining length of five bytes, let in', bytes([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]), 'closed', '2.2.3'],
  ]),
  { what: 'DISCONNECT', sent: frame(0xe0), expected: 'closed', clause: '3.14.4-1', inOrder: true },
];
