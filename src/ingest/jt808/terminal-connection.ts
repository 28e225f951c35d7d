import type { Socket } from 'node:net';
import type { RefusalReason } from '../intake-counters.ts';
import { type Admission, type Answer, general } from './admission.ts';
import { results, terminalAnswer } from './answers.ts';
import type { ConnectionDeadlines, ConnectionPorts } from './connection-ports.ts';
import { Downlink } from './downlink.ts';
import { type FrameRead, FrameReader } from './frame-reader.ts';
import { encodePacket, messageIds, type Packet, type Peer, parsePacket } from './packet.ts';
import type { Terminal } from './phone-book.ts';
import { Reassembly, type WholeMessage } from './reassembly.ts';

type State =
  | { readonly phase: 'stranger'; readonly frames: number }
  | { readonly phase: 'known'; readonly terminal: Terminal; readonly peer: Peer; readonly downlink: Downlink }
  | { readonly phase: 'over' };

type Known = State & { readonly phase: 'known' };

/** A terminal needs two, one that forgot its code three. */
const mostStrangerFrames = 16;
/** Messages on their way to the disk; with more the terminal has to wait. */
const mostUnderWay = 64;
const mostUnreadBytes = 64 * 1_024;

/** One TCP connection of one terminal: takes nothing but who it is, then what it has to say, in bounds. */
export class TerminalConnection {
  readonly #socket: Socket;
  readonly #ports: ConnectionPorts;
  readonly #deadlines: ConnectionDeadlines;
  readonly #frames = new FrameReader();
  readonly #reassembly: Reassembly;
  #state: State = { phase: 'stranger', frames: 0 };
  #deadline: NodeJS.Timeout;
  #serial = 0;
  #underWay = 0;

  constructor(socket: Socket, ports: ConnectionPorts, deadlines: ConnectionDeadlines) {
    this.#socket = socket;
    this.#ports = ports;
    this.#deadlines = deadlines;
    this.#reassembly = new Reassembly(() => ports.refused('incomplete-message'));
    this.#deadline = setTimeout(() => this.#refuse('connect-timeout'), deadlines.authenticateMs);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', () => this.cut());
    socket.once('close', () => this.cut());
  }

  /** Ends the connection. Safe to call twice. */
  cut(): void {
    const state = this.#state;
    if (state.phase === 'over') return;
    this.#state = { phase: 'over' };
    clearTimeout(this.#deadline);
    const downlink = state.phase === 'known' ? state.downlink : undefined;
    downlink?.close();
    this.#socket.destroy();
    this.#ports.ended(this, downlink);
  }

  #read(chunk: Buffer): void {
    for (const read of this.#frames.read(chunk)) {
      if (this.#state.phase === 'over') return;
      this.#hear(read);
    }
  }

  #hear(read: FrameRead): void {
    if ('broken' in read) this.#refuse(read.broken);
    else if ('fault' in read) this.#ports.refused(read.fault);
    else this.#open(read.content);
  }

  #open(content: Buffer): void {
    const parsed = parsePacket(content);
    if (parsed.ok) this.#take(parsed.packet);
    else this.#ports.refused(parsed.reason);
    this.#losePatience();
  }

  /** A stranger that goes on without saying who it is. */
  #losePatience(): void {
    if (this.#state.phase !== 'stranger') return;
    const frames = this.#state.frames + 1;
    this.#state = { phase: 'stranger', frames };
    if (frames >= mostStrangerFrames) this.#refuse('not-authenticated');
  }

  #take(packet: Packet): void {
    const state = this.#state;
    const isForeign = state.phase === 'known' && state.peer.phone !== packet.peer.phone;
    const admission = isForeign ? undefined : this.#ports.admit(packet);
    if (isForeign) this.#refuse('foreign-phone');
    else if (admission) this.#admit(packet.peer, admission);
    else if (state.phase === 'known') this.#converse(state, packet);
    else this.#ports.refused('not-authenticated');
  }

  #admit(peer: Peer, { answer, terminal, refused }: Admission): void {
    if (refused) this.#ports.refused(refused);
    this.#send(peer, answer);
    if (!terminal || this.#state.phase !== 'stranger') return;
    const { idleMs, answerMs } = this.#deadlines;
    const send = (message: Answer) => this.#send(peer, message);
    const downlink = new Downlink({ device: terminal.device, peer, send, answerMs });
    this.#state = { phase: 'known', terminal, peer, downlink };
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.cut(), idleMs);
    this.#ports.admitted(this, downlink);
  }

  #converse(known: Known, packet: Packet): void {
    this.#deadline.refresh();
    if (packet.id === messageIds.terminalAnswer) settle(known, packet);
    else this.#join(known, packet);
  }

  #join(known: Known, packet: Packet): void {
    const joined = this.#reassembly.join(packet, performance.now());
    if (joined.state === 'whole') void this.#deliver(known, joined.message);
    if (joined.state !== 'refused') return;
    this.#ports.refused('incomplete-message');
    this.#send(known.peer, general(packet, results.wrong));
  }

  /** Answered once it is on disk; what the disk does not take is not answered, and comes again. */
  async #deliver({ terminal, peer }: Known, { id, body, serials }: WholeMessage): Promise<void> {
    this.#underWay += 1;
    if (this.#underWay >= mostUnderWay) this.#socket.pause();
    try {
      const result = await this.#ports.take(terminal, { id, body, receivedAt: new Date() });
      for (const serial of serials) this.#send(peer, general({ id, serial }, result));
      if (id === messageIds.logout) this.#socket.end();
    } catch (error) {
      this.#ports.failed(error instanceof Error ? error : new Error(String(error)));
    }
    this.#underWay -= 1;
    if (this.#underWay < mostUnderWay) this.#socket.resume();
  }

  #send(peer: Peer, { id, body }: Answer): number {
    const serial = this.#serial;
    this.#serial = (serial + 1) & 0xffff;
    if (this.#state.phase === 'over') return serial;
    this.#socket.write(encodePacket({ id, peer, serial, body }));
    if (this.#socket.writableLength > mostUnreadBytes) this.#refuse('unread-answers');
    return serial;
  }

  #refuse(reason: RefusalReason): void {
    if (this.#state.phase === 'over') return;
    this.#ports.refused(reason);
    this.cut();
  }
}

function settle({ downlink }: Known, { body }: Packet): void {
  const word = terminalAnswer(body);
  if (word) downlink.settle(word.serial, word.result);
}
