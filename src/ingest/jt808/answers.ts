import type { Packet, Peer } from './packet.ts';

/** What a general answer says of the message it answers (0x8001). */
export const results = { done: 0, failed: 1, wrong: 2, unsupported: 3 } as const;
export type Result = (typeof results)[keyof typeof results];

/** What a registration is answered with (0x8100). */
const registrations = { done: 0, noSuchTerminal: 4 } as const;

/** The body of 0x8001. */
export function generalAnswer({ id, serial }: Pick<Packet, 'id' | 'serial'>, result: Result): Buffer {
  const body = Buffer.alloc(5);
  body.writeUInt16BE(serial, 0);
  body.writeUInt16BE(id, 2);
  body.writeUInt8(result, 4);
  return body;
}

/** The body of 0x8100; a code makes it a success. */
export function registerAnswer(serial: number, code?: string): Buffer {
  const head = Buffer.alloc(3);
  head.writeUInt16BE(serial, 0);
  head.writeUInt8(code === undefined ? registrations.noSuchTerminal : registrations.done, 2);
  return Buffer.concat([head, Buffer.from(code ?? '', 'ascii')]);
}

/** The code a terminal shows (0x0102): the whole body in 2013; in 2019 behind its length, before IMEI and version. */
export function shownCode(body: Buffer, { edition }: Peer): string {
  const code = edition === 2019 ? body.subarray(1, 1 + (body[0] ?? 0)) : body;
  return code.toString('latin1').replace(/\0+$/, '');
}

/** What a terminal says became of a message of ours (0x0001). */
export function terminalAnswer(body: Buffer): { readonly serial: number; readonly result: number } | undefined {
  return body.length < 5 ? undefined : { serial: body.readUInt16BE(0), result: body.readUInt8(4) };
}

/** Shown and read out, as urgent: bits 0-1 changed their meaning in 2019. */
const flags = { 2013: 0b0000_1101, 2019: 0b0000_1110 } as const;
const notice = 1;

/** The body of 0x8300; 2019 added the kind of text. */
export function textMessage(text: Buffer, { edition }: Peer): Buffer {
  const head = edition === 2019 ? [flags[edition], notice] : [flags[edition]];
  return Buffer.concat([Buffer.from(head), text]);
}
