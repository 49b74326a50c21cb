import type { UnwrittenDocument } from '../uploader.ts';

/** The key of the symbol under which the main thread's function is that ends its member. */
export const SURRENDER = 'mpcomm.surrender';

/** Documents as a text: a value that a debugger takes from one thread to another is JSON. */
export function encodeDocuments(documents: readonly UnwrittenDocument[]): string {
  return JSON.stringify(
    documents.map(({ path, fields, bytes }) => ({
      path,
      fields,
      ...(bytes !== undefined && { bytes: Buffer.from(bytes).toString('base64') }),
    })),
  );
}

export function decodeDocuments(text: string): UnwrittenDocument[] {
  const documents = JSON.parse(text) as (Omit<UnwrittenDocument, 'bytes'> & { bytes?: string })[];
  return documents.map(({ path, fields, bytes }) => ({
    path,
    fields,
    ...(bytes !== undefined && { bytes: Buffer.from(bytes, 'base64') }),
  }));
}
