import { type GuaranteeName, LIVENESS_GUARANTEES } from '../../core/guarantees.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import { EXIT } from '../shell/failure.ts';
import { describeIncomplete, tookPart } from './incomplete-run.ts';

/**
 * The declared guarantees that a run broke. Agreement and validity of an ordering that survives no
 * crash are promised only while every member lives, so they do not count once one left no report,
 * was told to stop or failed.
 */
export function brokenGuarantees(comparison: Comparison): GuaranteeName[] {
  const excused = excusedGuarantees(comparison);
  return declaredAndBroken(comparison).filter((name) => !excused.includes(name));
}

/** The declared guarantees that broke but do not count, because a member did not stay to the end. */
export function excusedGuarantees(comparison: Comparison): GuaranteeName[] {
  if (!hadCrash(comparison) || !survivesNone(comparison)) return [];
  return declaredAndBroken(comparison).filter((name) => LIVENESS_GUARANTEES.includes(name));
}

/**
 * 1 when the run broke what its ordering declares; 2 when it was not done to the end, unless even
 * so something was delivered against a declared guarantee; else 0.
 */
export function exitStatus(comparison: Comparison): 0 | 1 | 2 {
  const broken = brokenGuarantees(comparison);
  if (broken.some((name) => !LIVENESS_GUARANTEES.includes(name))) return EXIT.broken;
  if (describeIncomplete(comparison) !== null) return EXIT.failed;
  return broken.length === 0 ? EXIT.done : EXIT.broken;
}

function declaredAndBroken({ declared, guarantees }: Comparison): GuaranteeName[] {
  return declared.filter((name) => guarantees[name].held === false);
}

function hadCrash({ perPeer }: Comparison): boolean {
  return !perPeer.every(tookPart);
}

function survivesNone({ ordering }: Comparison): boolean {
  // What is known of an ordering from a file is not in the comparison: it gets the benefit of the doubt.
  return ordering !== null && ORDERINGS.get(ordering)?.survives !== 'minority';
}
