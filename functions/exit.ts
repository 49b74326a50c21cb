import type { Request, Response } from '@google-cloud/functions-framework';
import { requestExit } from '../control/runs/request-exit.ts';
import { answering, refusedMethod, sendJson } from './answer.ts';
import { getBackend } from './backend.ts';
import { log } from './log.ts';

/** Answers `POST /exit`: tells every peer daemon to end; 202 means that the command was published. */
export async function exit(request: Request, response: Response): Promise<void> {
  if (refusedMethod(request, response)) return;
  await answering(response, async () => {
    const { bus, clock } = await getBackend();
    const { issuedAtMs, expiresAtMs } = await requestExit({ bus, nowMs: clock() });
    log('INFO', 'exit was published');
    const issuedAt = new Date(issuedAtMs).toISOString();
    sendJson(response, 202, { issuedAt, expiresAt: new Date(expiresAtMs).toISOString() });
  });
}
