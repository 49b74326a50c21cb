import { signal } from '@preact/signals';
import type { LaboratoryStatus } from '../../control/api/dashboard-documents.ts';
import { dashboardKey, isRefused } from './dashboard-client.ts';

/** `lost`: nothing was heard for a while; the page goes on trying. `refused`: the key is not the right one. */
export type Connection = 'connecting' | 'live' | 'lost' | 'refused';

/** What the dashboard told last, and whether it still tells. */
export const liveStatus = signal<LaboratoryStatus | null>(null);
export const connection = signal<Connection>('connecting');
/** When the dashboard was heard last, on this browser's clock. */
export const heardAtMs = signal(0);

/**
 * A silence longer than this means that the connection is lost: the dashboard sends something every two
 * seconds.
 */
const SILENCE_MS_MAX = 7_000;

/**
 * Listens to what the dashboard pushes while the page is visible: a browser opens at most six connections to
 * one host, and pages in the background would take them all. Returns a function that stops it.
 */
export function listenWhileSeen(): () => void {
  let source: EventSource | null = null;
  const listen = (): void => {
    source?.close();
    source = document.hidden ? null : openSource();
    // Whoever has only just been asked is not silent yet.
    heardAtMs.value = performance.now();
  };
  const watch = setInterval(() => {
    const isSilent = performance.now() - heardAtMs.value > SILENCE_MS_MAX;
    if (document.hidden || !isSilent || connection.value === 'refused') return;
    connection.value = 'lost';
    // The stream hangs or was closed for good, so a new one is opened.
    listen();
  }, 1_000);
  document.addEventListener('visibilitychange', listen);
  connection.value = 'connecting';
  listen();
  return () => {
    clearInterval(watch);
    document.removeEventListener('visibilitychange', listen);
    source?.close();
  };
}

function openSource(): EventSource {
  const source = new EventSource(`api/events?key=${encodeURIComponent(dashboardKey())}`);
  const hear = (): void => {
    heardAtMs.value = performance.now();
    connection.value = 'live';
  };
  source.addEventListener('beat', hear);
  source.addEventListener('status', ({ data }: MessageEvent<string>) => {
    hear();
    liveStatus.value = JSON.parse(data) as LaboratoryStatus;
  });
  source.addEventListener('error', () => {
    // The browser closes it only when the answer was no stream, as when the key was refused.
    if (source.readyState === EventSource.CLOSED) void tellRefusal();
    else connection.value = 'lost';
  });
  return source;
}

async function tellRefusal(): Promise<void> {
  connection.value = (await isRefused(dashboardKey())) ? 'refused' : 'lost';
}
