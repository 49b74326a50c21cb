import { utf8Length } from '../core/base/utf8-length.ts';
import type { DocumentFields } from './ports.ts';
import { EXPIRY_FIELD } from './retention.ts';

/**
 * What Firestore accepts as a document, checked before it is sent and kept by every other store as
 * well: a program that works on the embedded store must not be refused in the cloud.
 * The limits are those of Firestore's documentation ("Usage and limits").
 */
export const DOCUMENT_BYTES_MAX = 1_048_576;

/**
 * What a path, the fields that a store adds and other overhead may take of a document's bytes: an estimate on the safe
 * side.
 */
const OVERHEAD_BYTES = 2_048;
const DEPTH_MAX = 20;
const ID_BYTES_MAX = 1_500;

/** The name under which a document's bytes are stored, so that no other field may have it. */
export const BYTES_FIELD = 'bytes';

/** A path of a document or a collection, taken apart. */
export interface DocumentPath {
  readonly collection: string;
  readonly id: string;
}

/** Splits a document's path; throws a `TypeError` that says what is wrong with it. */
export function parseDocumentPath(path: string): DocumentPath {
  const segments = parseSegments(path);
  if (segments.length % 2 !== 0) {
    throw new TypeError(`"${path}" names a collection; a document is collection/id, in pairs`);
  }
  const cut = path.lastIndexOf('/');
  return { collection: path.slice(0, cut), id: path.slice(cut + 1) };
}

/** Throws a `TypeError` unless `collection` is the path of a collection. */
export function checkCollectionPath(collection: string): void {
  if (parseSegments(collection).length % 2 === 0) {
    throw new TypeError(`"${collection}" names a document; a collection has one segment less`);
  }
}

function parseSegments(path: string): string[] {
  const segments = path.split('/');
  for (const segment of segments) {
    const reserved = segment === '.' || segment === '..' || /^__.*__$/s.test(segment);
    if (segment === '' || reserved || utf8Length(segment) > ID_BYTES_MAX) {
      throw new TypeError(
        `"${path}" is no path: a segment is 1 to 1,500 bytes, not ".", ".." or "__name__"`,
      );
    }
  }
  return segments;
}

/**
 * Throws a `TypeError` that names the field unless `fields` are plain JSON: no array directly in an
 * array, nothing deeper than 20 levels, no number that JSON cannot say, and together with `bytes`
 * no more than a document may hold. Fields that are `undefined` are left out by every store.
 */
export function checkDocument(path: string, fields: DocumentFields, bytes?: Uint8Array): void {
  parseDocumentPath(path);
  if (Object.hasOwn(fields, BYTES_FIELD)) {
    throw new TypeError(`${path}: the field "${BYTES_FIELD}" is kept for the document's bytes`);
  }
  if (Object.hasOwn(fields, EXPIRY_FIELD)) {
    throw new TypeError(`${path}: the field "${EXPIRY_FIELD}" is kept for when it expires`);
  }
  for (const [name, value] of Object.entries(fields)) {
    if (/^__.*__$/s.test(name)) throw new TypeError(`${path}: the name "${name}" is reserved`);
    if (value !== undefined) checkValue(`${path}: field ${name}`, value, 1);
  }
  const size = documentSize(fields, bytes);
  if (size > DOCUMENT_BYTES_MAX) {
    throw new TypeError(
      `${path}: about ${size} bytes; a document holds at most ${DOCUMENT_BYTES_MAX}`,
    );
  }
}

/**
 * About how many bytes a document with these fields has, as Firestore counts them: every number takes eight, however
 * short JSON writes it (https://firebase.google.com/docs/firestore/storage-size, which the emulator keeps to the byte).
 */
export function documentSize(fields: DocumentFields, bytes?: Uint8Array): number {
  return valueSize(fields) + (bytes?.length ?? 0) + OVERHEAD_BYTES;
}

function valueSize(value: unknown): number {
  if (typeof value === 'string') return utf8Length(value) + 1;
  if (typeof value === 'number') return 8;
  if (typeof value !== 'object' || value === null) return 1;
  let size = 0;
  if (Array.isArray(value)) for (const each of value) size += valueSize(each);
  else {
    for (const [name, inner] of Object.entries(value)) {
      if (inner !== undefined) size += utf8Length(name) + 1 + valueSize(inner);
    }
  }
  return size;
}

function checkValue(where: string, value: unknown, depth: number): void {
  if (depth > DEPTH_MAX) throw new TypeError(`${where} is nested deeper than ${DEPTH_MAX} levels`);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${where} is ${value}, not a finite number`);
    return;
  }
  if (Array.isArray(value)) return checkArray(where, value, depth);
  if (typeof value !== 'object' || !isPlain(value)) {
    throw new TypeError(`${where} is not plain JSON`);
  }
  for (const [name, inner] of Object.entries(value)) {
    if (name === '') throw new TypeError(`${where} has a field without a name`);
    if (inner !== undefined) checkValue(`${where}.${name}`, inner, depth + 1);
  }
}

function checkArray(where: string, values: readonly unknown[], depth: number): void {
  for (const [index, value] of values.entries()) {
    if (Array.isArray(value)) throw new TypeError(`${where}[${index}] is an array in an array`);
    if (value === undefined) throw new TypeError(`${where}[${index}] is undefined`);
    checkValue(`${where}[${index}]`, value, depth + 1);
  }
}

/**
 * Whether `value` is an object literal, also one of another realm (a test's): its prototype has none
 * itself.
 */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
