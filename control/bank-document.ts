import { z } from 'zod';
import { bankStateSchema } from './documents.ts';

/**
 * What became of the replicated bank in a run, a part of its comparison. Every number is worked out
 * anew from the run's seed and what each peer delivered; what a peer reported is only held against it.
 * Money is in whole cents.
 */
const countSchema = z.int().min(0);
const centsSchema = z.int();

/** An operation, and the message that carried it; `operation` is a phrase for a person. */
const bankOperationSchema = z.object({
  sender: countSchema,
  sequence: countSchema,
  operation: z.string(),
});

const replicaSchema = bankStateSchema.extend({
  peer: countSchema,
  totalCents: centsSchema,
  /** It took part to the end: what others hold is to be compared with it. */
  compared: z.boolean(),
  /** Whether its report says the same; `null` where it left none, or one without a bank. */
  verified: z.boolean().nullable(),
  /**
   * Its total minus the one that the very operations that it applied make in the order of the
   * reference: what the order alone has changed. What was lost has no part in it.
   */
  byOrderCents: centsSchema,
  /** Whether any account holds something else than that. */
  changedByOrder: z.boolean(),
});

const seriesSchema = z.object({
  peer: countSchema,
  totalsCents: z.array(centsSchema),
  byOrderCents: z.array(centsSchema),
});

export const bankSchema = z.object({
  openingCents: countSchema,
  /** Peers that wrote something; of any other nothing is known. */
  perPeer: z.array(replicaSchema),
  /** The first one that took part to the end; `null` when nobody wrote anything. */
  reference: countSchema.nullable(),
  /** How many different balances the peers that took part to the end have. */
  distinctStates: countSchema,
  /** `null` with fewer than two such peers, and when none of them applied any operation. */
  agree: z.boolean().nullable(),
  /** The greatest total of such a peer minus the smallest. */
  spreadCents: centsSchema,
  /** The first position after which two of them hold different balances, and what they applied there. */
  firstDifference: z
    .object({
      position: countSchema,
      deliveries: z.array(z.object({ peer: countSchema, applied: bankOperationSchema.nullable() })),
    })
    .nullable(),
  /** Two operations that two of them applied in opposite orders, and that do not commute. */
  firstSwap: z
    .object({
      /** `peer` applied `first` before `second`, `other` the other way round. */
      peer: countSchema,
      other: countSchema,
      first: bankOperationSchema,
      second: bankOperationSchema,
      /** The interest on the deposit, which only one of the two paid. */
      worthCents: centsSchema,
    })
    .nullable(),
  /** After how many deliveries, at most 200 times, and what each peer held then. */
  positions: z.array(countSchema),
  series: z.array(seriesSchema),
});
export type BankResult = z.infer<typeof bankSchema>;
export type Replica = z.infer<typeof replicaSchema>;
