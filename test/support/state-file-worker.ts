import { SqliteBus } from '../../backend/sqlite-bus.ts';
import { SqliteStore } from '../../backend/sqlite-store.ts';

/**
 * A process that shares a state file with a test: `publish FILE COUNT` publishes commands stamped
 * with the time; `write FILE RUN` stores chunks for ever, printing each number once it is stored.
 */
const [task, file, argument] = process.argv.slice(2) as [string, string, string];

if (task === 'publish') {
  const bus = await SqliteBus.open(file);
  for (let index = 0; index < Number(argument); index += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const issuedAtMs = Date.now();
    await bus.publish({ command: 'exit', issuedAtMs, expiresAtMs: issuedAtMs + index });
  }
  await bus.close();
} else {
  const store = await SqliteStore.open(file);
  for (let index = 0; ; index += 1) {
    const path = `runs/${argument}/chunks/peer-a.${String(index).padStart(6, '0')}`;
    await store.create(path, { index }, new Uint8Array(8_192).fill(index & 0xff));
    process.stdout.write(`${index}\n`);
  }
}
