import { generalAnswer, type Result, registerAnswer, results, shownCode } from './answers.ts';
import { messageIds, type Packet } from './packet.ts';
import { isCodeOf, type PhoneBook, type Terminal } from './phone-book.ts';

/** What an answer is sent as. */
export interface Answer {
  readonly id: number;
  readonly body: Buffer;
}

/** What becomes of a packet that says who it comes from. */
export interface Admission {
  readonly answer: Answer;
  /** Who it is, once that is proven. */
  readonly terminal?: Terminal;
  readonly refused?: 'unknown-device' | 'bad-credentials';
}

/** Decides about a registration or an authentication; undefined for anything else, which no stranger may say. */
export function admit(book: PhoneBook, packet: Packet): Admission | undefined {
  if (packet.part) return undefined;
  if (packet.id === messageIds.register) return register(book, packet);
  return packet.id === messageIds.authenticate ? authenticate(book, packet) : undefined;
}

/** The rest of a registration, the vehicle's plate among it, is nothing we read. */
function register(book: PhoneBook, { peer, serial }: Packet): Admission {
  const terminal = book.find(peer.phone);
  const answer = { id: messageIds.registerAnswer, body: registerAnswer(serial, terminal?.code) };
  return terminal ? { answer } : { answer, refused: 'unknown-device' };
}

function authenticate(book: PhoneBook, packet: Packet): Admission {
  const terminal = book.find(packet.peer.phone);
  if (!terminal) return { answer: general(packet, results.failed), refused: 'unknown-device' };
  const isProven = isCodeOf(terminal, shownCode(packet.body, packet.peer));
  if (!isProven) return { answer: general(packet, results.failed), refused: 'bad-credentials' };
  return { answer: general(packet, results.done), terminal };
}

/** 0x8001 about a packet. */
export function general(packet: Pick<Packet, 'id' | 'serial'>, result: Result): Answer {
  return { id: messageIds.generalAnswer, body: generalAnswer(packet, result) };
}
