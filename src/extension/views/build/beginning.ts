import { dirname, join } from 'node:path';
import type { SuggestedSources } from '../../../core/dataset/suggestSources';
import type { BuildForm, FormBeginning } from '../../../protocol/build';
import { questionFileSuffix } from '../../ids';
import type { FolderPaths } from '../../tasks/folderPaths';

export interface Surroundings {
  readonly isTrusted: boolean;
  readonly paths: FolderPaths;
  /** A table of the workspace that seems to hold reports. */
  readonly likelyReports: () => Promise<string | undefined>;
  /** What seems to belong to a reports table. Paths are absolute. */
  readonly suggestSources: (reports: string) => Promise<SuggestedSources>;
}

/**
 * What the form says when it opens: a reports table, and what seems to belong to it. In a workspace
 * that is not trusted nothing is guessed, since links in it may lead anywhere.
 */
export async function beginning(
  given: string | undefined,
  surroundings: Surroundings,
): Promise<FormBeginning> {
  const { isTrusted, paths, likelyReports } = surroundings;
  const reports = given ?? (isTrusted ? await likelyReports() : undefined);
  if (reports === undefined) {
    return { form: {}, isTrusted };
  }
  const form = { reports: paths.shown(reports), ...(await proposed(reports, surroundings)) };
  return { form, isTrusted };
}

/** What goes with a reports table, as the form writes it: a question file beside it, and what seems to belong to it. */
export async function proposed(
  reports: string,
  { isTrusted, paths, suggestSources }: Surroundings,
): Promise<BuildForm> {
  const path = paths.absolute(reports);
  const out = paths.shown(join(dirname(path), `questions${questionFileSuffix}`));
  if (!isTrusted) {
    return { out };
  }
  const { exclude, ...single } = await suggestSources(path);
  const shown = Object.entries(single).map(([name, file]) => [name, paths.shown(file)] as const);
  return {
    out,
    ...Object.fromEntries(shown),
    ...(exclude && { exclude: exclude.map((file) => paths.shown(file)) }),
  };
}
