import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { RtspRequest } from './rtsp-reader.ts';

/** What an evil or broken camera does instead of answering (T21). */
export type RtspMisbehaviour =
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'huge-content-length' }
  | { readonly kind: 'endless-header' }
  | { readonly kind: 'random-bytes' }
  | { readonly kind: 'interleaved-lies' }
  | { readonly kind: 'endless-tracks' }
  | { readonly kind: 'digest-loop' };

const floodChunk = 64 * 1024;
const floodLimit = 2 ** 31;

/** Answers in the given wrong way; `false` when this request is to be answered as ever. */
export function misbehave(how: RtspMisbehaviour, { method, headers }: RtspRequest, socket: Socket): boolean {
  if (method === 'OPTIONS') return false;
  if (how.kind === 'interleaved-lies') return method === 'PLAY' && lie(socket);
  const cseq = `CSeq: ${headers.get('cseq') ?? 0}\r\n`;
  const wrong = wrongAnswers[how.kind];
  socket.write(wrong.head(cseq, how));
  const { endless } = wrong;
  if (endless) flood(socket, endless);
  return true;
}

interface WrongAnswer {
  head(cseq: string, how: RtspMisbehaviour): string;
  /** What follows up to 2 GB, for as long as the client reads. */
  readonly endless?: () => Buffer;
}

const wrongAnswers: Record<Exclude<RtspMisbehaviour['kind'], 'interleaved-lies'>, WrongAnswer> = {
  redirect: {
    head: (cseq, how) =>
      `RTSP/1.0 302 Moved Temporarily\r\n${cseq}Location: ${how.kind === 'redirect' ? how.location : ''}\r\n\r\n`,
  },
  'huge-content-length': {
    head: (cseq) =>
      `RTSP/1.0 200 OK\r\n${cseq}Content-Type: application/sdp\r\nContent-Length: ${floodLimit}\r\n\r\nv=0\r\n`,
    endless: () => Buffer.alloc(floodChunk, 'a=tool:x\r\n'),
  },
  'endless-header': {
    head: (cseq) => `RTSP/1.0 200 OK\r\n${cseq}X-Long: `,
    endless: () => Buffer.alloc(floodChunk, 'x'),
  },
  'random-bytes': { head: () => '', endless: () => randomBytes(floodChunk) },
  'endless-tracks': {
    head: (cseq) =>
      `RTSP/1.0 200 OK\r\n${cseq}Content-Type: application/sdp\r\nContent-Length: ${floodLimit}\r\n\r\nv=0\r\ns=x\r\n`,
    endless: () => Buffer.from('m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=0\r\n'.repeat(900)),
  },
  'digest-loop': {
    head: (cseq) =>
      `RTSP/1.0 401 Unauthorized\r\n${cseq}WWW-Authenticate: Digest realm="r", nonce="${randomBytes(8).toString('hex')}", stale=true\r\n\r\n`,
  },
};

/** Says yes to PLAY, then sends interleaved packets whose lengths are not true. */
function lie(socket: Socket): true {
  socket.write('RTSP/1.0 200 OK\r\nCSeq: 0\r\n\r\n');
  const lies = [Buffer.from([0x24, 0, 0, 0]), Buffer.from([0x24, 0, 0, 3, 1, 2, 3]), Buffer.from([0x24, 200, 0, 1, 9])];
  socket.write(Buffer.concat([...lies, Buffer.from([0x24, 0, 0xff, 0xff, 0x80, 0x60])]));
  flood(socket, () => randomBytes(floodChunk));
  return true;
}

function flood(socket: Socket, chunk: () => Buffer): void {
  let sent = 0;
  const pour = () => {
    if (socket.destroyed || sent > floodLimit) return;
    const piece = chunk();
    sent += piece.length;
    socket.write(piece, () => setImmediate(pour));
  };
  pour();
}
