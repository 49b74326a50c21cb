import { readFileSync } from 'node:fs';

/** What Linux tells of each UDP socket, a line each; elsewhere there are no such files. */
const TABLES = ['/proc/self/net/udp', '/proc/self/net/udp6'] as const;
/** Places in a line, between spaces: the own address and port in hexadecimal digits. The last place has the count. */
const LOCAL_ADDRESS = 1;

/**
 * How many datagrams found the receive buffer full of the UDP socket that is bound to `port`, since it was opened; 0
 * where the system does not tell.
 */
export function receiveOverflows(port: number, readTable: (path: string) => string = read): number {
  let overflows = 0;
  for (const line of TABLES.flatMap((path) => readTable(path).split('\n'))) {
    const places = line.trim().split(/\s+/);
    const [, portOfSocket] = (places[LOCAL_ADDRESS] ?? '').split(':');
    if (Number.parseInt(portOfSocket ?? '', 16) === port) overflows += Number(places.at(-1));
  }
  return overflows;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
