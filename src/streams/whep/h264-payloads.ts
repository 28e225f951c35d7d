/** A payload with its RTP, UDP and IPv6 headers and the SRTP tag passes every network that carries 1280 bytes. */
export const maxPayloadBytes = 1_200;

const aggregate = 24;
const fragment = 28;

/**
 * The RTP payloads of one picture (RFC 6184, packetization mode 1): its parameter sets together in a STAP-A (§5.7.1), each
 * slice in a packet of its own or, when it is longer than 1200 bytes, in FU-A fragments (§5.8). The last one wants the marker.
 */
export function h264Payloads(nals: readonly Buffer[], sets: readonly Buffer[] = []): Buffer[] {
  return [...aggregated(sets), ...nals.filter(({ length }) => length > 0).flatMap(single)];
}

function single(nal: Buffer): Buffer[] {
  return nal.length <= maxPayloadBytes ? [nal] : fragments(nal);
}

/** Sets that are too long to go together go alone. */
function aggregated(sets: readonly Buffer[]): Buffer[] {
  const size = sets.reduce((sum, { length }) => sum + 2 + length, 1);
  if (sets.length < 2 || size > maxPayloadBytes) return sets.flatMap(single);
  const importance = Math.max(...sets.map((nal) => nal.readUInt8(0) & 0x60));
  const parts = sets.flatMap((nal) => [Buffer.of(nal.length >> 8, nal.length & 0xff), nal]);
  return [Buffer.concat([Buffer.of(importance | aggregate), ...parts])];
}

function fragments(nal: Buffer): Buffer[] {
  const header = nal.readUInt8(0);
  const body = nal.subarray(1);
  const size = maxPayloadBytes - 2;
  return Array.from({ length: Math.ceil(body.length / size) }, (_, index) => {
    const first = index === 0 ? 0x80 : 0;
    const last = (index + 1) * size >= body.length ? 0x40 : 0;
    const indicator = (header & 0xe0) | fragment;
    return Buffer.concat([
      Buffer.of(indicator, first | last | (header & 0x1f)),
      body.subarray(index * size, (index + 1) * size),
    ]);
  });
}
