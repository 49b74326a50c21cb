import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Project } from './project.ts';

/** Shares of the budget at which its owners get a message. */
const SHARES = [0.5, 0.9, 1] as const;

/** Tells the billing account's owners what the project costs. It warns: it stops nothing. */
export function createBudget({ options, configuration, number }: Project): gcp.billing.Budget {
  const reached = SHARES.map((thresholdPercent) => ({
    thresholdPercent,
    spendBasis: 'CURRENT_SPEND',
  }));
  return new gcp.billing.Budget(
    'budget',
    {
      billingAccount: configuration.billingAccount,
      displayName: 'MPComm',
      budgetFilter: {
        projects: [pulumi.interpolate`projects/${number}`],
        calendarPeriod: 'MONTH',
      },
      // In the currency of the account, since none is named.
      amount: { specifiedAmount: { units: String(configuration.budgetPerMonth) } },
      thresholdRules: [...reached, { thresholdPercent: 1, spendBasis: 'FORECASTED_SPEND' }],
    },
    options,
  );
}
