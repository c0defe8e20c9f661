/** The ways in which the editor is started for tests, and which test files run in each. */

export interface Session {
  readonly name: string;
  /** Folder under test/host/suite whose *.test.ts files run in it (not its sub-folders). */
  readonly suite: string;
  readonly extension: 'source' | 'package';
  readonly workspaceTrust?: boolean;
  readonly locale?: string;
  /** Runs only when it is asked for by name. */
  readonly onDemand?: boolean;
}

export const sessions: readonly Session[] = [
  { name: 'host', suite: '.', extension: 'source' },
  { name: 'restricted', suite: 'restricted', extension: 'source', workspaceTrust: true },
  { name: 'chinese', suite: 'chinese', extension: 'source', locale: 'zh-cn' },
  { name: 'package', suite: 'package', extension: 'package' },
  { name: 'activation', suite: '../../../bench/activation', extension: 'source', onDemand: true },
];
