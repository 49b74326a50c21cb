import { describe, expect, test } from '@jest/globals';
import { Archive } from '../../cli/archive/archive.ts';
import { drawBalances } from '../../charts/balances.ts';
import { closeRun } from '../../control/runs/close-run.ts';
import { comparisonSchema } from '../../control/comparison-document.ts';
import { paths, reportSchema } from '../../control/documents.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';
import { recordedContext } from '../support/recorded-context.ts';
import { BRISK, useLaboratory } from '../support/real-laboratory.ts';

const BANK = { peers: 4, messages: 20, workload: 'bank', ...BRISK } as const;

describe('a bank on real processes', () => {
  const lab = useLaboratory({ peers: 4 });

  test('diverges without an order: each report says what follows from its deliveries', async () => {
    const comparison = await lab.run({ ...BANK, ordering: 'unordered' });
    const bank = comparison.bank!;
    expect(comparison.perPeer.map(({ missing }) => missing)).toEqual([0, 0, 0, 0]);
    expect(bank.agree).toBe(false);
    expect(bank.distinctStates).toBeGreaterThan(1);
    expect(bank.firstSwap).not.toBeNull();
    expect(bank.perPeer).toMatchObject(
      Array(4).fill({ verified: true, compared: true, applied: 80, undecodable: 0 }),
    );
    expect(comparison.findings.filter((text) => text.includes('bank'))).toEqual([]);
  });

  test('agrees through a sequencer, and what is kept of it can be drawn', async () => {
    const { runId, bank } = await lab.run({ ...BANK, ordering: 'sequencer' });
    expect(bank).toMatchObject({ agree: true, distinctStates: 1, spreadCents: 0 });
    expect(bank!.perPeer.map(({ verified }) => verified)).toEqual([true, true, true, true]);
    const archive = await Archive.open(recordedContext().context, {
      state: lab.laboratory.directory.path,
    });
    const svg = drawBalances(await archive.comparison(runId!)).replaceAll(/<[^>]+>/g, '\n');
    await archive.close();
    expect(svg).toContain('one balance, to the cent');
  });

  test('names the peer whose report is poisoned, in what the others see', async () => {
    const { runId } = await lab.run({ ...BANK, ordering: 'sequencer' });
    const poisoned = new MemoryBackend();
    const id = runId!;
    const documents = [
      (await lab.store.read(paths.run(id)))!,
      ...(await lab.store.list(paths.chunks(id))),
      ...(await lab.store.list(paths.reports(id))),
    ];
    for (const { path, fields, bytes } of documents) {
      const isVictim = path === paths.report(id, 'peer-2');
      const bank = isVictim && {
        bank: { ...reportSchema.parse(fields).bank, stateHash: '0'.repeat(16) },
      };
      await poisoned.store.create(path, { ...fields, ...bank }, bytes);
    }
    await closeRun({ store: poisoned.store, nowMs: Date.now() }, id);
    const document = await poisoned.store.read(paths.comparison(id));
    const comparison = comparisonSchema.parse(document?.fields);
    expect(comparison.bank!.perPeer.map(({ verified }) => verified)).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(comparison.bank!.agree).toBe(true);
    expect(comparison.findings.filter((text) => text.includes('bank'))).toEqual([
      expect.stringMatching(/^Peer 2 \(peer-2 in .*does not follow.*state 0{16}/),
    ]);
  });
});
