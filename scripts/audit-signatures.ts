import { resolve } from 'node:path';
import { runNpm } from './run-npm.ts';

/** The longest time of npm's question: registries are slow to answer for some hundred packages. */
const NPM_MS_MAX = 180_000;

/** What `npm audit signatures` came to. */
export type SignatureAudit = 'verified' | 'not-offered' | 'unreachable' | 'broken';

/**
 * Reads npm's own words. A registry that offers no keys is no failure of ours: it is told, so that
 * nobody takes the silence for a success.
 */
export function readAudit(status: number | null, output: string): SignatureAudit {
  if (
    /invalid (?:registry )?signature|invalid attestation|missing (?:registry )?signature/i.test(
      output,
    )
  ) {
    return 'broken';
  }
  if (status === 0) return /verified/i.test(output) ? 'verified' : 'not-offered';
  if (/No dependencies found|does not (?:support|provide)|no (?:public )?keys|E404/i.test(output)) {
    return 'not-offered';
  }
  if (status === null || /network|ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN|proxy/i.test(output))
    return 'unreachable';
  return 'broken';
}

const WORDS: Readonly<Record<SignatureAudit, string>> = {
  verified: 'Every package bears a valid signature of its registry.',
  'not-offered':
    'Not verified: this registry offers no signatures. The lockfile’s hashes still hold what was reviewed.',
  unreachable:
    'Not verified: the registry’s keys could not be fetched from here. Try again elsewhere.',
  broken: 'A package has no valid signature, or npm failed; see above. Do not install it.',
};

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..');
  const { status, stdout, stderr } = await runNpm(['audit', 'signatures'], root, NPM_MS_MAX);
  const audit = readAudit(status, `${stdout}\n${stderr}`);
  if (audit === 'broken' || audit === 'verified') console.log(stdout.trim(), stderr.trim());
  console.log(WORDS[audit]);
  if (audit === 'broken') process.exitCode = 1;
}
