import { expect, test } from '@jest/globals';
import { commandSchema } from '../../../control/command.ts';
import { EXIT_EXPIRES_MS, requestExit } from '../../../control/runs/request-exit.ts';
import { UnavailableError } from '../../../control/unavailable.ts';
import { NOW_MS } from '../../support/control-fixtures.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

test('exit is published with the time at which it stops to count', async () => {
  const { bus } = new MemoryBackend();
  const issued = await requestExit({ bus, nowMs: NOW_MS });
  expect(issued).toEqual({ issuedAtMs: NOW_MS, expiresAtMs: NOW_MS + EXIT_EXPIRES_MS });
  expect(bus.published.map((command) => commandSchema.parse(command))).toEqual([
    { command: 'exit', ...issued },
  ]);
});

test('exit tells when the bus does not answer', async () => {
  const { bus, faults } = new MemoryBackend();
  faults.order('publish');
  await expect(requestExit({ bus, nowMs: NOW_MS })).rejects.toThrow(UnavailableError);
});
