import * as vscode from 'vscode';
import { contextTables } from '../../../core/dataset/contextTables';
import type { ContextTable } from '../../../core/dataset/volumeContext';
import type { SearchedQuestionFile } from '../../../core/dataset/volumeQuestions';
import { besideSideFile, readSideFile } from '../../../core/dataset/sideFile';
import { isObject } from '../../../core/jsonShape';
import { questionFileSuffix } from '../../ids';
import { imageRootsOf } from '../../language/surroundings';

const mostQuestionFiles = 200;
const mostTables = 200;
const mostLists = 20;

const tableEndings = '{csv,tsv,parquet,pq,jsonl,ndjson}';
/** Names as CT-RATE's tables bear them; asked for apart, for a workspace may hold any number of others. */
export const tellingTables = `**/*{[rR]eport,[lL]abel,[mM]etadata}*.${tableEndings}`;
/** Other JSON Lines are too many other things. */
const otherTables = '**/*.{csv,tsv,parquet,pq}';
const lists = '**/no_chest*.txt';

/** What is remembered in a workspace of where reports were found. Paths; the latest first. */
export interface KnownTables {
  /** What the user chose. */
  readonly chosen: readonly string[];
  /** What said something of a volume. */
  readonly answered: readonly string[];
}

const memoryKey = 'reportTables';
const mostRemembered = 8;

/** What was remembered; whatever another version kept there counts as nothing. */
export function knownTables(memory: Pick<vscode.Memento, 'get'>): KnownTables {
  const kept = memory.get<unknown>(memoryKey);
  const { chosen, answered } = isObject(kept) ? kept : {};
  return { chosen: textsOf(chosen), answered: textsOf(answered) };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** Puts tables before those that were remembered. */
export async function rememberTables(
  memory: Pick<vscode.Memento, 'get' | 'update'>,
  kind: keyof KnownTables,
  paths: readonly string[],
): Promise<void> {
  const known = knownTables(memory);
  const all = [...new Set([...paths, ...known[kind]])].slice(0, mostRemembered);
  if (all.join('\n') !== known[kind].join('\n')) {
    await memory.update(memoryKey, { ...known, [kind]: all });
  }
}

/** The question files of the workspace, in the order of their names. */
export async function questionFilesHere(): Promise<SearchedQuestionFile[]> {
  const files = await filesLike(`**/*${questionFileSuffix}`, mostQuestionFiles);
  return files
    .map((uri) => ({ path: uri.fsPath, imageRoots: imageRootsOf(uri) }))
    .sort((a, b) => a.path.localeCompare(b.path, undefined, { numeric: true }));
}

/**
 * Where a volume is looked for, best first: what the user chose, what side files of question files
 * name, and the tables of the workspace.
 */
export async function tablesHere(
  volume: string,
  { chosen, answered }: KnownTables,
): Promise<ContextTable[]> {
  const [named, ...found] = await Promise.all([
    namedTables(),
    filesLike(tellingTables, mostTables),
    filesLike(otherTables, mostTables),
  ]);
  const paths = [...new Set(found.flat().map(({ fsPath }) => fsPath))];
  const turn = ({ path }: ContextTable): number => (answered.includes(path) ? 0 : 1);
  return [
    ...chosen.map((path) => ({ path, kind: 'reports' }) as const),
    ...named.sort((a, b) => turn(a) - turn(b)),
    ...contextTables(paths, volume, answered).map((path) => ({ path, kind: 'any' }) as const),
    ...(await filesLike(lists, mostLists)).map(
      ({ fsPath }) => ({ path: fsPath, kind: 'list' }) as const,
    ),
  ];
}

/** The tables that side files of question files name; a side file that cannot be read names none. */
async function namedTables(): Promise<ContextTable[]> {
  const files = await filesLike(`**/*${questionFileSuffix}`, mostQuestionFiles);
  const tables = await Promise.all(
    files.map(async ({ fsPath }): Promise<ContextTable[]> => {
      const { reports, labels, metadata } =
        (await readSideFile(fsPath).catch(() => undefined)) ?? {};
      const kinds = [
        [reports, 'reports'],
        [labels, 'labels'],
        [metadata, 'any'],
      ] as const;
      return kinds.flatMap(([table, kind]) =>
        table === undefined ? [] : [{ path: besideSideFile(fsPath, table), kind }],
      );
    }),
  );
  return tables.flat();
}

/** Files of the workspace, but for those that the user keeps from explorer or search. */
function filesLike(glob: string, most: number): Thenable<vscode.Uri[]> {
  return vscode.workspace.findFiles(glob, excludedFromSearch(), most);
}

/** `files.exclude` counts by itself where a pattern is given. */
function excludedFromSearch(): string | undefined {
  const excluded = vscode.workspace
    .getConfiguration('search')
    .get<Readonly<Record<string, unknown>>>('exclude');
  const globs = Object.entries(excluded ?? {}).flatMap(([glob, isOn]) =>
    isOn === true ? [glob] : [],
  );
  return globs.length === 0 ? undefined : `{${globs.join(',')}}`;
}
