import { messageOf } from '../../errors';
import { readLineBatches } from '../lines';
import { cellText } from './cellText';
import type { TableBatch } from './tableFile';

/** One object a line; its fields are the columns. Fields that only later lines have count too. */
export async function* readJsonLinesTable(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<TableBatch> {
  const names = new Set<string>();
  for await (const { objects } of readObjects(path, signal)) {
    for (const name of objects.flatMap((object) => Object.keys(object))) {
      names.add(name);
    }
  }
  const header = [...names];
  yield { rows: [header], bytesRead: 0 };
  for await (const { objects, bytesRead } of readObjects(path, signal)) {
    const rows = objects.map((object) =>
      header.map((name) => (Object.hasOwn(object, name) ? cellText(object[name]) : '')),
    );
    yield { rows, bytesRead };
  }
}

async function* readObjects(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<{ objects: Record<string, unknown>[]; bytesRead: number }> {
  let bytesRead = 0;
  const onBytes = (done: number): void => {
    bytesRead = done;
  };
  for await (const lines of readLineBatches(path, { ...(signal && { signal }), onBytes })) {
    const filled = lines.filter(({ text }) => text.trim() !== '');
    yield { objects: filled.map(({ text, line }) => objectOf(text, line + 1)), bytesRead };
  }
}

/** @throws Error in words, where the line is no object. */
export function objectOf(text: string, lineNumber: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`line ${lineNumber}: ${messageOf(error)}`, { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`line ${lineNumber} is no object { … }`);
  }
  return value as Record<string, unknown>;
}
