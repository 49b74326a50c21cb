import type { GuaranteeName } from '../core/guarantees.ts';
import { ORDERINGS } from '../core/orderings/registry.ts';
import type { Comparison } from '../control/comparison-document.ts';
import { EXIT } from './failure.ts';

/**
 * The declared guarantees that a run broke. Agreement and validity of an ordering that survives no
 * crash are promised only while every member lives, so they do not count once one left no report.
 */
export function brokenGuarantees(comparison: Comparison): GuaranteeName[] {
  const excused = excusedGuarantees(comparison);
  return declaredAndBroken(comparison).filter((name) => !excused.includes(name));
}

/** The declared guarantees that broke but do not count, because a member left no report. */
export function excusedGuarantees(comparison: Comparison): GuaranteeName[] {
  if (!hadCrash(comparison) || !survivesNone(comparison)) return [];
  return declaredAndBroken(comparison).filter((name) => {
    return name === 'agreement' || name === 'uniformAgreement' || name === 'validity';
  });
}

/** 0, or 1 when the run broke what its ordering declares. */
export function exitStatus(comparison: Comparison): 0 | 1 {
  return brokenGuarantees(comparison).length === 0 ? EXIT.done : EXIT.broken;
}

function declaredAndBroken({ declared, guarantees }: Comparison): GuaranteeName[] {
  return declared.filter((name) => guarantees[name].held === false);
}

function hadCrash({ perPeer }: Comparison): boolean {
  return perPeer.some(({ standing }) => standing !== 'reported');
}

function survivesNone({ ordering }: Comparison): boolean {
  return ordering !== null && ORDERINGS.get(ordering)?.survives === 'none';
}
