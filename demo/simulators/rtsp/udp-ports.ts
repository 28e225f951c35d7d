import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** An even UDP port and the odd one above it, shared by all clients of a server. */
export interface UdpPorts {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  readonly port: number;
}

/** Rejects when the machine has no free pair. */
export async function openUdpPorts(host: string): Promise<UdpPorts> {
  for (let attempt = 0; attempt < 16; attempt += 1) {
    const rtp = await bind(host, 0);
    const port = rtp?.address().port ?? 1;
    const rtcp = port % 2 === 0 ? await bind(host, port + 1) : undefined;
    if (rtp && rtcp) return { rtp, rtcp, port };
    rtp?.close();
  }
  throw new Error('no free pair of UDP ports');
}

export function closeUdpPorts({ rtp, rtcp }: UdpPorts): void {
  rtp.close();
  rtcp.close();
}

async function bind(address: string, port: number): Promise<Socket | undefined> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.bind({ address, port, exclusive: true });
    await once(socket, 'listening');
    return socket.on('error', () => {});
  } catch {
    socket.close();
    return undefined;
  }
}
