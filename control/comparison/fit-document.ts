import { utf8Length } from '../../core/base/utf8-length.ts';
import type { Comparison } from '../comparison-document.ts';
import { DOCUMENT_BYTES_MAX, documentSize } from '../document-rules.ts';

/** The most bytes of all findings together: some 500 sentences. What honest members cause is a tenth of that. */
const FINDINGS_BYTES_MAX = 98_304;

/**
 * The comparison, without what no document has room for, and saying so. What a member writes is bounded, but what 64 of
 * them write, each about all others, is more than a document when they mean harm, and without a document nobody would
 * learn what the honest ones delivered. Findings come first to an end, then the round trips of every pair go.
 */
export function fitDocument(comparison: Comparison): Comparison {
  const cut = { ...comparison, findings: fitFindings(comparison.findings) };
  if (documentSize(cut) <= DOCUMENT_BYTES_MAX) return cut;
  const perPeer = cut.perPeer.map((peer) => ({ ...peer, roundTripMs: null }));
  const left = 'Round trips are left out, as the document would be too large with them.';
  return { ...cut, perPeer, findings: [...cut.findings, left] };
}

function fitFindings(findings: readonly string[]): string[] {
  let bytes = 0;
  const first = findings.findIndex((finding) => {
    bytes += utf8Length(finding);
    return bytes > FINDINGS_BYTES_MAX;
  });
  if (first < 0) return [...findings];
  return [
    ...findings.slice(0, first),
    `Of further findings, ${findings.length - first} are left out.`,
  ];
}
