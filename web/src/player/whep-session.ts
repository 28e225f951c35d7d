import type { SessionEnds } from './flv-session.ts';

/** True when this browser can play over WebRTC at all. */
export function playsWhep(): boolean {
  return typeof globalThis.RTCPeerConnection === 'function';
}

/** One attempt: plays a WHEP address (draft-ietf-wish-whep) into a video until it ends. Returns what stops it; throws when it is refused. */
export async function playWhep(video: HTMLVideoElement, url: string, ends: SessionEnds): Promise<() => void> {
  const connection = new RTCPeerConnection();
  let session: string | undefined;
  const stop = () => {
    connection.close();
    if (video.srcObject) video.srcObject = null;
    // The page may be on its way out; the server would find out by itself, only later.
    if (session) void fetch(session, { method: 'DELETE', keepalive: true }).catch(() => undefined);
    session = undefined;
  };
  try {
    receiveInto(video, connection);
    connection.addEventListener('connectionstatechange', () => {
      if (['failed', 'disconnected'].includes(connection.connectionState)) ends.onEnd('webrtc');
    });
    await connection.setLocalDescription(await connection.createOffer());
    // The server answers checks wherever they come from: it needs none of our candidates.
    const answered = await exchange(url, connection.localDescription?.sdp ?? '');
    session = answered.session;
    await connection.setRemoteDescription({ type: 'answer', sdp: answered.sdp });
    return stop;
  } catch (error) {
    stop();
    throw error;
  }
}

function receiveInto(video: HTMLVideoElement, connection: RTCPeerConnection): void {
  const { receiver } = connection.addTransceiver('video', { direction: 'recvonly' });
  // The newest picture is worth more than an even pace.
  receiver.jitterBufferTarget = 0;
  connection.addEventListener('track', ({ track }) => {
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined);
  });
}

async function exchange(url: string, offer: string): Promise<{ sdp: string; session: string | undefined }> {
  const headers = { 'content-type': 'application/sdp' };
  const signal = AbortSignal.timeout(15_000);
  const response = await fetch(url, { method: 'POST', headers, body: offer, credentials: 'same-origin', signal });
  if (!response.ok) throw new Error(`whep ${response.status}`);
  return { sdp: await response.text(), session: response.headers.get('location') ?? undefined };
}
