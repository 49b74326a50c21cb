import { openBackend } from '../../backend/open-backend.ts';

/** A process that uses every part of the backend its environment names, and then only closes it. */
const backend = await openBackend(process.env);
const subscriber = `worker-${process.pid}`;
const heard = await new Promise<string>((resolve, reject) => {
  const hear = (message: unknown) => {
    resolve((message as { command: string }).command);
    return Promise.resolve();
  };
  backend.bus
    .subscribe(subscriber, hear, reject)
    .then(() => backend.store.create(`runs/${subscriber}`, {}))
    .then(() => backend.store.transact((transaction) => transaction.read(`runs/${subscriber}`)))
    .then(() => backend.bus.publish({ command: 'exit', issuedAtMs: 0, expiresAtMs: 0 }))
    .catch(reject);
});
await backend.bus.unsubscribe(subscriber);
await backend.close();
process.stdout.write(`heard ${heard}, closed\n`);
