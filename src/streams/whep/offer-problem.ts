const requirements: readonly { readonly pattern: RegExp; readonly missing: string }[] = [
  { pattern: /^a=(?:recvonly|sendrecv)$/m, missing: 'does not receive video' },
  { pattern: /^a=rtpmap:\d+ H264\/90000$/im, missing: 'does not take H.264' },
  { pattern: /^a=ice-ufrag:.{4,256}$/m, missing: 'has no ICE user name' },
  { pattern: /^a=ice-pwd:.{22,256}$/m, missing: 'has no ICE password' },
  // Without it anybody could end the DTLS handshake in the player's place (RFC 8842 §5.1).
  { pattern: /^a=fingerprint:sha-(?:256|384|512) [0-9A-F:]+$/im, missing: 'has no fingerprint' },
];

/** What keeps an offer from being that of a player of H.264 over WebRTC, as the end of a sentence; undefined when nothing does. */
export function offerProblem(offer: string): string | undefined {
  const [session = '', ...media] = offer.replaceAll('\r\n', '\n').split(/^(?=m=)/m);
  if (!session.startsWith('v=0\n')) return 'is not SDP';
  const video = media.find((section) => section.startsWith('m=video '));
  if (!video) return 'has no video';
  return requirements.find(({ pattern }) => !pattern.test(`${session}${video}`))?.missing;
}
