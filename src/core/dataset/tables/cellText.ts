/** A typed value as it would stand in a CSV: nothing for null, lists and objects as JSON. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  }
  if (typeof value === 'string') {
    return value;
  }
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value, withPlainNumbers);
}

/** Parquet's 64-bit integers and packed lists are no JSON. */
function withPlainNumbers(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number(value);
  }
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? [...(value as unknown as Iterable<unknown>)]
    : value;
}
