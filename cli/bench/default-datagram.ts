import { DATAGRAM_BYTES_DEFAULT } from '../../core/wire/datagram.ts';
import { discoverLoopbackDatagram } from '../../peer/transport/loopback-datagrams.ts';
import { openUdpEndpoint } from '../../peer/transport/udp-endpoint.ts';

const HOST = '127.0.0.1';

/** The longest datagram of a bench that was told none: what this machine's loopback carries. */
export async function defaultDatagramBytes(): Promise<number> {
  const ignore = (): void => undefined;
  const endpoint = await openUdpEndpoint(HOST, 0, ignore, ignore);
  const found = await discoverLoopbackDatagram(HOST, endpoint.receiveBufferBytes);
  await endpoint.close();
  return found ?? DATAGRAM_BYTES_DEFAULT;
}
