import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../errors';
import type { LongWork } from '../../progress';
import { JsonLine } from '../jsonl';
import { readLineBatches } from '../lines';
import { patientAsked } from './patientNames';
import type { NeighbourFile } from './rule';

/** What parts of a set are called, as a word of the file's name. */
const partName = /(?<=^|[._-])(train|training|valid|validation|val|dev|test)(?=[._-])/gi;

/** Equal for the parts of one set; undefined where the name is of no part. */
function setNameOf(fileName: string): string | undefined {
  const parts = fileName.match(partName) ?? [];
  return parts.length === 1 && fileName.toLowerCase().endsWith('.mcqa.jsonl')
    ? fileName.replace(partName, '*')
    : undefined;
}

/** The other parts of the set that a file belongs to, with the patients that they ask about. */
export async function readNeighbours(path: string, work: LongWork): Promise<NeighbourFile[]> {
  const own = basename(path);
  const set = setNameOf(own);
  if (set === undefined) {
    return [];
  }
  const folder = dirname(resolve(path));
  // A folder that cannot be listed, a part that cannot be read: no fault of the file at hand.
  const listed = await readdir(folder).catch((): string[] => []);
  const names = listed.filter((name) => name !== own && setNameOf(name) === set);
  const files: NeighbourFile[] = [];
  for (const name of names.sort()) {
    try {
      files.push({ name, patients: await patientsOf(join(folder, name), work) });
    } catch (error) {
      if (!(error instanceof UserError)) {
        throw error;
      }
    }
  }
  return files;
}

async function patientsOf(path: string, work: LongWork): Promise<Map<string, number>> {
  const patients = new Map<string, number>();
  for await (const batch of readLineBatches(path, work.signal ? { signal: work.signal } : {})) {
    for (const { line, text } of batch) {
      const { record } = new JsonLine(text);
      const patient = record && patientAsked(record);
      if (patient !== undefined && !patients.has(patient)) {
        patients.set(patient, line + 1);
      }
    }
  }
  return patients;
}
