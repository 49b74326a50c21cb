import { expect, test } from '@jest/globals';
import { receiveOverflows } from '../../../peer/transport/receive-overflows.ts';

const HEADING =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops             ';
const TABLE = `${HEADING}
 1207: 0100007F:9C40 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 31337 2 0000000000000000 1142        
 1208: 0100007F:9C41 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 31338 2 0000000000000000 7        
`;

test('datagrams that found a receive buffer full are those of the socket with the port', () => {
  const readTable = (path: string): string => (path.endsWith('udp') ? TABLE : `${HEADING}\n`);
  expect([0x9c40, 0x9c41, 0x9c42].map((port) => receiveOverflows(port, readTable))).toEqual([
    1142, 7, 0,
  ]);
});

test('nothing is known where the system does not tell', () => {
  expect(receiveOverflows(0x9c40, () => '')).toBe(0);
});
