import { readFileSync } from 'node:fs';

/** Linux counts a process' time for its readers in hundredths of a second, on every machine. */
const TICK_US = 10_000;

/** Processor time of a process so far, its threads included; 0 where there is no /proc, or no process. */
export function cpuUsOf(pid: number): number {
  // The name, which may have spaces in it, is in parentheses; the times are the 12th and 13th after it.
  const fields = readProcess(`${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields.length < 13 ? 0 : TICK_US * (Number(fields[11]) + Number(fields[12]));
}

/**
 * Datagrams that the kernel dropped because a receive buffer was full, in the network that the process
 * sees; 0 where the kernel does not say.
 */
export function bufferErrorsOf(pid: number | 'self'): number {
  const [names = [], values = []] = readProcess(`${pid}/net/snmp`)
    .split('\n')
    .filter((row) => row.startsWith('Udp:'))
    .map((row) => row.split(' '));
  return Number(values[names.indexOf('RcvbufErrors')] ?? 0);
}

function readProcess(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}
