type Column =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/**
 * The column with room for `length` numbers, at least as many as it has: those that it has, and zeros. Whoever doubles it
 * each time copies each number less than twice on average, however long it becomes.
 */
export function grown<Kind extends Column>(column: Kind, length: number): Kind {
  const longer = new (column.constructor as new (length: number) => Kind)(length);
  longer.set(column);
  return longer;
}
