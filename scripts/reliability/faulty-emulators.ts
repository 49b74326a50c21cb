import type { Backend } from '../../control/ports.ts';
import { findEmulators, startEmulators, type Emulators } from '../../local/emulators.ts';
import { freePort } from '../../local/free-port.ts';
import { openBackend } from '../../backend/open-backend.ts';
import { registerEmulatorTrigger } from '../../local/trigger.ts';
import { GrpcProxy, type Interceptor } from './grpc-proxy.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { TrialLaboratory, type TrialLaboratoryOptions } from './trial-laboratory.ts';
import type { TrialContext } from './trial.ts';

export interface FaultOptions {
  readonly pubsub?: Interceptor;
  readonly firestore?: Interceptor;
  readonly laboratory?: TrialLaboratoryOptions;
}

/** Google's emulators, reached over networks that can fail, and a laboratory that knows no other way. */
export interface FaultyLaboratory {
  readonly trial: TrialLaboratory;
  readonly emulators: Emulators;
  /** The networks to the two. */
  readonly pubsub: TcpProxy;
  readonly firestore: TcpProxy;
  /** A way of the trial's own that does not fail. */
  readonly direct: Backend;
}

/** Starts all of it for `work`, and stops it however that ends. */
export async function withFaultyLaboratory(
  context: TrialContext,
  options: FaultOptions,
  work: (faulty: FaultyLaboratory) => Promise<void>,
): Promise<void> {
  const stops: (() => unknown)[] = [];
  try {
    await work(await start(context, options, stops));
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function start(
  context: TrialContext,
  options: FaultOptions,
  stops: (() => unknown)[],
): Promise<FaultyLaboratory> {
  const { installation, reason } = await findEmulators();
  if (installation === undefined) throw new Error(reason);
  const functionsPort = await freePort();
  const emulators = await startEmulators(installation, { functionsPort });
  stops.push(() => emulators.stop());
  const pubsub = await startProxies(emulators.pubsubHost, options.pubsub, stops);
  const firestore = await startProxies(emulators.firestoreHost, options.firestore, stops);
  const direct = await openBackend(emulators.environment);
  stops.push(() => direct.close());
  const environment = {
    ...emulators.environment,
    PUBSUB_EMULATOR_HOST: pubsub.host,
    FIRESTORE_EMULATOR_HOST: firestore.host,
  };
  const prepare = async () => ({
    environment,
    functionsPort,
    startTrigger: () => registerCompare(emulators),
    // The laboratory goes down first, and needs them until then.
    stop: async () => undefined,
  });
  const trial = await TrialLaboratory.start(context, {
    prepare,
    store: direct.store,
    ...options.laboratory,
  });
  stops.push(() => trial.stop());
  return { trial, emulators, pubsub, firestore, direct };
}

async function startProxies(
  host: string,
  interceptor: Interceptor | undefined,
  stops: (() => unknown)[],
): Promise<TcpProxy> {
  let target = host;
  if (interceptor !== undefined) {
    const meddler = await GrpcProxy.start(host, interceptor);
    stops.push(() => meddler.stop());
    target = meddler.host;
  }
  const network = await TcpProxy.start(target);
  stops.push(() => network.stop());
  return network;
}

async function registerCompare({ firestoreHost, project }: Emulators) {
  const pattern = 'runs/{runId}/reports/{peerId}';
  await registerEmulatorTrigger({ firestoreHost, project, name: 'compare', pattern });
  return { stop: async () => undefined };
}
