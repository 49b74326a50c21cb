/** How long the emulator may take to note a trigger. */
const REGISTER_MS_MAX = 10_000;

export interface EmulatorTriggerOptions {
  /** `host:port` of the Firestore emulator, which was started with the port of the functions. */
  readonly firestoreHost: string;
  readonly project: string;
  readonly database?: string;
  /** Names the trigger, and is the last part of the path that events are posted to. */
  readonly name: string;
  /** Such as `runs/{runId}/reports/{peerId}`. */
  readonly pattern: string;
}

/**
 * Has the Firestore emulator post a CloudEvent for each new document that fits `pattern` to
 * `/functions/projects/{project}/triggers/{name}` at the functions' host, with the attributes that
 * Eventarc gives it in the cloud (`ce-document`, `ce-subject`, ...). The body is the event's
 * protobuf message in base64. The emulator posts once: a function that fails hears nothing more.
 *
 * The request is that of firebase-tools (`eventarcTrigger`); the emulator forgets it when it ends.
 */
export async function registerEmulatorTrigger(options: EmulatorTriggerOptions): Promise<void> {
  const { firestoreHost, project, name } = options;
  const query = new URLSearchParams({ eventarcTriggerId: name });
  const url = `http://${firestoreHost}/emulator/v1/projects/${project}/eventarcTrigger?${query}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      eventType: 'google.cloud.firestore.document.v1.created',
      database: options.database ?? '(default)',
      namespace: '(default)',
      document: { value: options.pattern, matchType: 'PATH_PATTERN' },
    }),
    signal: AbortSignal.timeout(REGISTER_MS_MAX),
  });
  const answer = await response.text();
  if (!response.ok) {
    throw new Error(
      `The Firestore emulator refused trigger ${name}: ${response.status} ${answer.trim()}`,
    );
  }
}
