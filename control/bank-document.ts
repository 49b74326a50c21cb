import { z } from 'zod';
import { bankStateSchema } from './documents.ts';

/**
 * What became of the replicated bank in a run: a part of its comparison. Every number is worked out
 * anew from the run's seed and what each peer delivered; what a peer reported is only compared with it.
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
  /** Whether it took part to the end, so that its balances are compared with those of others. */
  compared: z.boolean(),
  /** Whether its report says the same; `null` where it left none, or one without a bank. */
  verified: z.boolean().nullable(),
  /**
   * How much the order alone changed: its total minus the total of the same operations, applied in the
   * order of the reference. Operations that were lost have no part in it.
   */
  byOrderCents: centsSchema,
  /** Whether any account differs from what the same operations make in the order of the reference. */
  changedByOrder: z.boolean(),
});

const seriesSchema = z.object({
  peer: countSchema,
  totalsCents: z.array(centsSchema),
  byOrderCents: z.array(centsSchema),
});

export const bankSchema = z.object({
  openingCents: countSchema,
  /** The peers that wrote something; nothing is known of any other. */
  perPeer: z.array(replicaSchema),
  /** The first peer that took part to the end; `null` when nobody wrote anything. */
  reference: countSchema.nullable(),
  /** How many different balances the peers that took part to the end have. */
  distinctStates: countSchema,
  /**
   * Whether these balances are equal; `null` with fewer than two such peers, or when none applied an
   * operation.
   */
  agree: z.boolean().nullable(),
  /** The greatest total of a peer that took part to the end, minus the smallest. */
  spreadCents: centsSchema,
  /**
   * The first position after which two of these peers hold different balances, and what they applied
   * there.
   */
  firstDifference: z
    .object({
      position: countSchema,
      deliveries: z.array(z.object({ peer: countSchema, applied: bankOperationSchema.nullable() })),
    })
    .nullable(),
  /** Two operations that do not commute and that two of these peers applied in opposite orders. */
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
  /**
   * The balances in the course of the run: at most 200 numbers of deliveries, and what each peer held
   * then.
   */
  positions: z.array(countSchema),
  series: z.array(seriesSchema),
});
export type BankResult = z.infer<typeof bankSchema>;
export type Replica = z.infer<typeof replicaSchema>;
