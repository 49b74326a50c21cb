/** A resource as the program asked for it, before anything was created. */
export interface Resource {
  /** Pulumi's word for its kind, such as `gcp:compute/network:Network`. */
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What is wrong with one resource, as sentences without a subject. */
export type Rule = (resource: Resource) => string[];

/** The value at a path of names and indexes, or `undefined` where it leads nowhere. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (found, step) =>
      typeof found === 'object' && found !== null
        ? (found as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Every text in a value, however deep. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** The sentence, where `holds` does not. */
export function unless(holds: boolean, sentence: string): string[] {
  return holds ? [] : [sentence];
}

/** The kind in short, with the service that it belongs to: `compute.InstanceTemplate`. */
export function kindOf({ type }: Pick<Resource, 'type'>): string {
  const [, service, kind] = /^gcp:([A-Za-z0-9]+)\/[^:]+:(\w+)$/.exec(type) ?? [];
  return service === undefined ? type : `${service}.${kind!}`;
}
