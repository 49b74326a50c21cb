import { BUILD_REGIONS } from '../../gcp/build-regions.ts';

/** What a failed `pulumi up` or `pulumi destroy` means, by what it printed. */
export interface Explanation {
  readonly what: string;
  readonly cure: string;
  /** Whether nothing but time mends it, so that it is worth the same call again after a pause. */
  readonly passes: boolean;
}

interface Known {
  readonly says: RegExp;
  readonly explain: (found: RegExpExecArray, place: FailurePlace) => Explanation;
}

/** Where it happened: cures name it. */
export interface FailurePlace {
  readonly project: string;
  readonly state: string;
  readonly stack: string;
  readonly region: string;
}

/** A new role is known everywhere "typically" after 2 minutes, "potentially 7 minutes or longer". */
const PASSES = 'the same call again after some minutes goes on from there';

const passing = (says: RegExp, what: string): Known => ({
  says,
  explain: () => ({ what, cure: PASSES, passes: true }),
});

const KNOWN: readonly Known[] = [
  passing(
    /Permission denied while using the Eventarc Service Agent/i,
    "Eventarc's own agent does not have its permissions yet, as in a project that is new to Eventarc",
  ),
  passing(
    /Access to bucket gcf-v2-sources-\S+ denied/,
    'the account that builds the functions was not yet known to have its roles',
  ),
  passing(
    /Build failed[^\n]*(?:denied|permission)/i,
    'a build was refused something that its account was granted a moment ago',
  ),
  passing(
    /has not been used in project \S+ before or it is disabled|SERVICE_DISABLED/,
    'an API was turned on a moment ago, and not everything behind it knows',
  ),
  passing(
    /Service account \S+ does not exist/,
    'an account was made a moment ago, and is not known everywhere yet',
  ),
  {
    says: /(?:User|Account) (\S+@[\w.-]*\w) does not exist|Identity (\S+) does not exist/,
    explain: ([, user, identity]) => ({
      what: `${(user ?? identity ?? 'one of the invokers').replace(/[.,]$/, '')} is no Google account`,
      cure: '--invokers takes addresses with which people log in to Google; any address can become one: https://accounts.google.com/signup',
      passes: false,
    }),
  },
  {
    says: /cannot run builds in this region|restricted region/i,
    explain: (_found, { region }) => ({
      what: `this project may not build functions in ${region}, as "depending on usage" some may not`,
      cure: `npm run destroy, then npm run deploy with a --region of ${BUILD_REGIONS.join(', ')}`,
      passes: false,
    }),
  },
  {
    says: /the stack is currently locked by/i,
    explain: (_found, { state, stack }) => ({
      what: 'another deployment of this stack is under way, or one was interrupted and left its lock',
      cure: `if none is under way: cd infra && PULUMI_BACKEND_URL=${state} pulumi cancel --stack ${stack} --yes; then the same call again with --refresh`,
      passes: false,
    }),
  },
  {
    says: /(?:already exists|alreadyExists|Error 409)/,
    explain: (_found, { state, stack }) => ({
      what: 'something of the laboratory is there that Pulumi knows nothing of, as after a deployment that was killed while it was made',
      cure:
        `its name stands in the error above. Delete it by hand, or have Pulumi adopt it: cd infra && ` +
        `PULUMI_BACKEND_URL=${state} pulumi refresh --stack ${stack} (it asks for each); then the same call again`,
      passes: false,
    }),
  },
  {
    says: /constraints\/(\w+\.\w+)|violates constraint/,
    explain: ([, constraint]) => ({
      what: `a policy of the organization refuses it${constraint === undefined ? '' : ` (${constraint})`}`,
      cure: 'docs/deploy.md lists what such policies can refuse; its administrator may make an exception',
      passes: false,
    }),
  },
  {
    says: /Quota '?(\w+)'? exceeded|QUOTA_EXCEEDED|quotaExceeded/,
    explain: ([, quota], { project }) => ({
      what: `a quota of the project is used up${quota === undefined ? '' : ` (${quota})`}`,
      cure: `https://console.cloud.google.com/iam-admin/quotas?project=${project}`,
      passes: false,
    }),
  },
];

/** What a refusal means that nothing else explains: some of those above are refusals as well, which pass. */
const REFUSED: Known = {
  says: /Error 403|PERMISSION_DENIED/,
  explain: (_found, { project }) => ({
    what: `the account of the application-default credentials, with which Pulumi works, lacks a right in ${project}; it may be another one than that of gcloud`,
    cure: `gcloud auth application-default login with an owner of ${project}, whom gcloud auth list shows where gcloud works`,
    passes: false,
  }),
};

/** Everything in `output` that is known, each once; empty where nothing is. */
export function explainDeployFailure(output: string, place: FailurePlace): Explanation[] {
  const explainBy = ({ says, explain }: Known): Explanation[] => {
    const found = says.exec(output);
    return found === null ? [] : [explain(found, place)];
  };
  const known = KNOWN.flatMap(explainBy);
  return known.length > 0 ? known : explainBy(REFUSED);
}

/** Whether a call that failed like this is worth repeating: it says only what time mends. */
export function mayPass(explanations: readonly Explanation[]): boolean {
  return explanations.length > 0 && explanations.every(({ passes }) => passes);
}
