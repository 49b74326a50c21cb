import { describe, expect, test } from '@jest/globals';
import { beginRun } from '../../../control/runs/begin-run.ts';
import { closeRun } from '../../../control/runs/close-run.ts';
import { commandSchema, type RunPlan } from '../../../control/command.ts';
import { comparisonSchema, type Comparison } from '../../../control/comparison-document.ts';
import { type BankState, paths, reportSchema } from '../../../control/documents.ts';
import { describeBank } from '../../../control/comparison/judge-bank.ts';
import type { Backend } from '../../../control/ports.ts';
import { parseRunRequest } from '../../../control/runs/run-request.ts';
import { BankHistory } from '../../../core/bank/bank-history.ts';
import { DeliveredSequence } from '../../../core/records/delivered-sequence.ts';
import * as fixtures from '../../support/control-fixtures.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

const PEERS = 3;
const MESSAGES = 12;
const SEED = 11;

async function bankRun(backend: Backend): Promise<RunPlan> {
  await fixtures.registerPeers(backend, PEERS);
  const request = fixtures.runRequest({
    peers: PEERS,
    messages: MESSAGES,
    seed: SEED,
    workload: 'bank',
  });
  const begun = await beginRun(fixtures.beginContext(backend), request, null);
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  return begun.plan;
}

function stateOf(log: DeliveredSequence): BankState {
  const history = new BankHistory(SEED, PEERS, MESSAGES);
  return describeBank(history.replay(history.read(log)));
}

/** What each member delivered and says of its bank; by default what follows from it. */
interface Told {
  readonly log: DeliveredSequence;
  readonly bank?: BankState | null;
}

async function compared(told: readonly Told[]): Promise<Comparison> {
  const backend = new MemoryBackend();
  const plan = await bankRun(backend);
  for (const [member, { log, bank }] of told.entries()) {
    const state = bank === null ? {} : { bank: bank ?? stateOf(log) };
    await fixtures.uploadMember(backend, plan, member, state, log);
  }
  const nowMs = plan.deadlineMs + 60_000;
  expect(await closeRun({ store: backend.store, nowMs }, plan.runId)).toBe('created');
  const document = await backend.store.read(paths.comparison(plan.runId));
  return comparisonSchema.parse(document?.fields);
}

const plan = { members: Array<unknown>(PEERS), messages: MESSAGES } as RunPlan;
const logFrom = (first: number): DeliveredSequence => fixtures.fullLog(plan, first);

/** A log without its message `index`. */
function lacking(log: DeliveredSequence, index: number): DeliveredSequence {
  const shorter = new DeliveredSequence();
  for (let sequence = 0; sequence < MESSAGES; sequence += 1) shorter.appendMulticast();
  log.senders.forEach((sender, place) => {
    if (place !== index) shorter.appendDelivery(sender, log.sequences[place]!);
  });
  return shorter;
}

describe('the request', () => {
  test('has a workload, which the plan and the command carry', async () => {
    const begun = await bankRun(new MemoryBackend());
    expect(begun.workload).toBe('bank');
    expect(commandSchema.parse({ command: 'run', plan: begun })).toMatchObject({ plan: begun });
    expect(fixtures.runRequest().workload).toBe('none');
  });

  test.each([
    [{ workload: 'shop' }, 'workload', 'none, mixed, bank'],
    [{ workload: 'bank', payloadBytes: 8 }, 'payloadBytes', 'none with bank'],
  ])('with %j is refused, by the name of %s', (wrong, field, allowed) => {
    const parsed = parseRunRequest({ peers: 3, messages: 2, ...wrong });
    const errors = parsed.valid ? [] : parsed.errors;
    expect(errors).toMatchObject([{ field }]);
    expect(errors[0]!.allowed).toContain(allowed);
  });
});

describe('the comparison of a bank', () => {
  test('of the same order everywhere has one state, and believes no report it has not replayed', async () => {
    const comparison = await compared([0, 0, 0].map((first) => ({ log: logFrom(first) })));
    const bank = comparison.bank!;
    expect(bank).toMatchObject({ agree: true, distinctStates: 1, spreadCents: 0, reference: 0 });
    expect(bank.firstDifference).toBeNull();
    expect(bank.firstSwap).toBeNull();
    expect(bank.perPeer.map(({ verified }) => verified)).toEqual([true, true, true]);
    expect(bank.perPeer[0]).toMatchObject({ applied: PEERS * MESSAGES, undecodable: 0 });
    expect(new Set(bank.series.map(({ totalsCents }) => totalsCents.join())).size).toBe(1);
    expect(comparison.findings).toEqual([]);
  });

  test('of two orders tells which operations changed places, and what that was worth', async () => {
    const comparison = await compared([
      { log: logFrom(0) },
      { log: logFrom(1) },
      { log: logFrom(0) },
    ]);
    const bank = comparison.bank!;
    expect(bank).toMatchObject({ agree: false, distinctStates: 2 });
    const [same, other, again] = bank.perPeer;
    expect(same!.stateHash).toBe(again!.stateHash);
    expect(other!.stateHash).not.toBe(same!.stateHash);
    expect(other!.byOrderCents).toBe(other!.totalCents - same!.totalCents);
    expect([same!.changedByOrder, other!.changedByOrder]).toEqual([false, true]);
    expect(bank.spreadCents).toBe(Math.abs(other!.byOrderCents));
    expect(bank.firstDifference).toMatchObject({ position: 0 });
    expect(bank.firstDifference!.deliveries.map(({ peer }) => peer)).toEqual([0, 1]);
    const { peer, other: against, first, second, worthCents } = bank.firstSwap!;
    expect([peer, against]).toEqual([0, 1]);
    const texts = [first.operation, second.operation].sort();
    expect(texts[0]).toMatch(/^\d+\.\d\d % interest on/);
    expect(texts[1]).toMatch(/^a deposit of/);
    expect(worthCents).toBeGreaterThan(0);
    expect(bank.series[1]!.byOrderCents.at(-1)).toBe(other!.byOrderCents);
  });

  test('of a loss says that no order changed anything', async () => {
    const logs = [logFrom(0), lacking(logFrom(0), 4), logFrom(0)];
    const { bank, perPeer } = await compared(logs.map((log) => ({ log })));
    expect(perPeer[1]!.missing).toBe(1);
    expect(bank).toMatchObject({ agree: false, distinctStates: 2, firstSwap: null });
    expect(bank!.perPeer.map(({ byOrderCents }) => byOrderCents)).toEqual([0, 0, 0]);
    expect(bank!.perPeer.some(({ changedByOrder }) => changedByOrder)).toBe(false);
    expect(bank!.spreadCents).toBeGreaterThan(0);
  });

  test.each<[string, (state: BankState) => BankState]>([
    ['hash', (state) => ({ ...state, stateHash: '0123456789abcdef' })],
    ['balance', (state) => ({ ...state, balancesCents: state.balancesCents.with(2, 1) })],
    ['number of operations', (state) => ({ ...state, applied: state.applied + 1 })],
    ['number of unreadable ones', (state) => ({ ...state, undecodable: 3 })],
  ])(
    'names the peer whose report has a poisoned %s, and goes by what it delivered',
    async (_, poison) => {
      const log = logFrom(0);
      const told = [{ log }, { log, bank: poison(stateOf(log)) }, { log }];
      const { bank, findings, perPeer } = await compared(told);
      expect(bank!.perPeer.map(({ verified }) => verified)).toEqual([true, false, true]);
      expect(bank!.perPeer[1]!.stateHash).toBe(stateOf(log).stateHash);
      expect(bank!.agree).toBe(true);
      expect(findings).toHaveLength(1);
      expect(findings[0]).toContain(`Peer 1 (${perPeer[1]!.peerId} in `);
      expect(findings[0]).toContain('does not follow from what it delivered');
    },
  );

  test('names the peer whose report says nothing of a bank', async () => {
    const log = logFrom(0);
    const { bank, findings } = await compared([{ log }, { log }, { log, bank: null }]);
    expect(bank!.perPeer[2]!.verified).toBeNull();
    expect(findings).toEqual([expect.stringContaining('reported no balances')]);
  });

  test('is of those who took part to the end', async () => {
    const backend = new MemoryBackend();
    const plan = await bankRun(backend);
    const log = logFrom(0);
    await fixtures.uploadMember(backend, plan, 0, { bank: stateOf(log) }, log);
    const short = lacking(log, 1);
    await fixtures.uploadChunks(backend, plan, plan.members[1]!.peerId, short);
    await closeRun({ store: backend.store, nowMs: plan.deadlineMs + 60_000 }, plan.runId);
    const document = await backend.store.read(paths.comparison(plan.runId));
    const { bank } = comparisonSchema.parse(document?.fields);
    expect(bank).toMatchObject({ agree: null, distinctStates: 1, reference: 0, spreadCents: 0 });
    expect(bank!.perPeer.map(({ peer, compared }) => [peer, compared])).toEqual([
      [0, true],
      [1, false],
    ]);
  });

  test('is not there for another workload, nor in a document from before', async () => {
    const backend = new MemoryBackend();
    const plan = await fixtures.begunRun(backend);
    for (const member of [0, 1, 2]) await fixtures.uploadMember(backend, plan, member);
    await closeRun({ store: backend.store, nowMs: fixtures.NOW_MS }, plan.runId);
    const fields = (await backend.store.read(paths.comparison(plan.runId)))!.fields;
    expect(fields['bank']).toBeNull();
    const { bank: _, ...before } = fields;
    expect(comparisonSchema.parse(before).bank).toBeNull();
    expect(plan).not.toHaveProperty('workload');
  });

  test('takes no report whose hash is none', () => {
    const state = { ...stateOf(logFrom(0)), stateHash: 'none' };
    expect(reportSchema.shape.bank.safeParse(state).success).toBe(false);
    expect(reportSchema.shape.bank.safeParse({ ...state, stateHash: '0'.repeat(16) }).success).toBe(
      true,
    );
  });
});
