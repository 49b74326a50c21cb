import type { Called, CallOptions, Tools } from '../../scripts/tools.ts';

/** What the programs answer, by the first words of the command; what is not listed succeeds. */
type Answer = Partial<Called>;
/** Several answers are given in turn, and the last one from then on. */
export type Answers = Readonly<Record<string, Answer | readonly Answer[]>>;

const READY: Answers = {
  'gcloud auth list': { output: 'alice@example.org\n' },
  'gcloud billing projects describe': { output: 'True\n' },
  'gcloud services list': {
    output:
      'cloudbilling.googleapis.com\ncloudresourcemanager.googleapis.com\n' +
      'compute.googleapis.com\nserviceusage.googleapis.com\n',
  },
  'gcloud compute project-info': {
    output: JSON.stringify({ quotas: [{ metric: 'CPUS_ALL_REGIONS', limit: 32, usage: 0 }] }),
  },
  'gcloud compute regions list': { output: '[]' },
  'gcloud compute machine-types': { output: '2\n' },
  'gcloud compute instances list': { output: 'mpcomm-peer-0-x7kq\nmpcomm-peer-1-ab12\n' },
  'gcloud functions list': {
    output: 'compare  ACTIVE\nexit  ACTIVE\nexpire  ACTIVE\nrun  ACTIVE\n',
  },
  'gcloud secrets versions list': { status: 1, errors: 'NOT_FOUND: Secret not found' },
  'gcloud secrets versions add': { output: '1\n' },
  'pulumi config --json': { output: '{}' },
  'pulumi stack output peers': {
    output: '["peer-0 in us-west1-b","peer-1 in me-west1-a"]',
  },
};

/** Stands in for gcloud, pulumi and npm, and notes every call. */
export class FakeTools implements Tools {
  readonly calls: string[] = [];
  readonly inputs: string[] = [];
  readonly environments: NonNullable<CallOptions['environment']>[] = [];
  said = '';
  confirms = true;
  /** Behind every tag; `null` where the registry does not answer. */
  digest: string | null = `sha256:${'d'.repeat(64)}`;
  pausedMs = 0;
  /** What is in Firestore, by path; `null` where it does not answer. */
  documents: Record<string, unknown> | null = {};
  /** Is called when a pause is over. */
  onPaused: () => void = () => undefined;
  readonly #answers: Answers;
  readonly #given = new Map<string, number>();

  constructor(answers: Answers = {}) {
    this.#answers = { ...READY, ...answers };
  }

  async ask(command: string, options: readonly string[], call: CallOptions = {}): Promise<Called> {
    const line = [command, ...options].join(' ');
    this.calls.push(line);
    if (call.input !== undefined) this.inputs.push(call.input);
    const known = Object.keys(this.#answers).find((start) => line.startsWith(start));
    return { status: 0, output: '', errors: '', ...(known && this.#answerOf(known)) };
  }

  #answerOf(start: string): Answer {
    const answers = this.#answers[start]!;
    if (!Array.isArray(answers)) return answers as Answer;
    const given = this.#given.get(start) ?? 0;
    this.#given.set(start, given + 1);
    return (answers as readonly Answer[])[Math.min(given, answers.length - 1)]!;
  }

  tell(command: string, options: readonly string[], call?: CallOptions): Promise<Called> {
    return this.ask(command, options, call);
  }

  async digestOf(repository: string, tag: string): Promise<string> {
    this.calls.push(`digest ${repository}:${tag}`);
    if (this.digest === null) throw new Error('Docker Hub does not answer');
    return this.digest;
  }

  async readDocument(
    { project, database }: Parameters<Tools['readDocument']>[0],
    path: string,
  ): Promise<unknown> {
    this.calls.push(`read ${project} ${database} ${path}`);
    if (this.documents === null) throw new Error('Firestore does not answer');
    return this.documents[path];
  }

  async confirm(question: string): Promise<boolean> {
    this.calls.push(`confirm: ${question}`);
    return this.confirms;
  }

  async pause(ms: number): Promise<void> {
    this.pausedMs += ms;
    this.onPaused();
  }

  async show(command: string, options: readonly string[], call?: CallOptions): Promise<number> {
    if (call?.environment) this.environments.push(call.environment);
    return (await this.ask(command, options, call)).status ?? 127;
  }

  say(text: string): void {
    this.said += `${text}\n`;
  }

  /** The calls that change something, or ask the user. */
  get acts(): string[] {
    return this.calls.filter((call) =>
      /^(?:pulumi (?!version|config --json|stack output)|npm|confirm|gcloud secrets versions|gcloud functions delete)/.test(
        call,
      ),
    );
  }
}
