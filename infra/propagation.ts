import * as pulumi from '@pulumi/pulumi';

/**
 * For how long a granted role is given time to be known everywhere before something needs it. "Typically 2
 * minutes, potentially 7 minutes or longer": https://cloud.google.com/iam/docs/access-change-propagation
 * (read on 25 November 2026). It costs little: the policies of the database take minutes beside it.
 */
export const PROPAGATION_SECONDS = 420;

/** What the program hands to the provider below, and what Pulumi keeps of it. */
interface WaitInputs {
  readonly seconds: number;
}

/**
 * Pulumi runs this in a process of its own, from the text of these functions: they can use nothing of
 * this file. What exists already is not waited for again, so only a deployment that grants something waits.
 */
const waiting: pulumi.dynamic.ResourceProvider<WaitInputs, WaitInputs> = {
  async create({ seconds }) {
    await new Promise((resolve) => {
      setTimeout(resolve, seconds * 1_000);
    });
    return { id: 'waited', outs: { seconds } };
  },
  // Another waiting time is no reason to wait again.
  diff() {
    return Promise.resolve({ changes: false });
  },
};

/**
 * Is there once its `needed` have been there for `PROPAGATION_SECONDS`. Without it the first function is built
 * seconds after its build account got its roles, and half of such builds fail with "Access to bucket
 * gcf-v2-sources-... denied" (github.com/hashicorp/terraform-provider-google/issues/20571); and the trigger is
 * validated before Eventarc's agent may do anything (issue 25294 there).
 */
export class Propagation extends pulumi.dynamic.Resource {
  constructor(name: string, needed: readonly pulumi.Resource[]) {
    super(waiting, name, { seconds: PROPAGATION_SECONDS }, { dependsOn: [...needed] });
  }
}
