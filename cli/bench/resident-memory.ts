import { readFileSync } from 'node:fs';

/**
 * The most memory that a process had resident since it began its program, in MiB; 0 where there is no /proc, or no
 * process. `process.resourceUsage().maxRSS` begins with what the process had that started it.
 */
export function residentMiBMaxOf(pid: number | 'self'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}
