import { relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Severity } from '../record';
import type { LintFinding, TextSpan } from './finding';
import { omittedFindings } from './lintPass';
import { formatMessage } from './rule';
import { lintRules } from './rules';

/** A checked file and what was found in it. */
export interface CheckedFile {
  readonly path: string;
  readonly findings: readonly LintFinding[];
}

export interface SarifSettings {
  /** Files below it are named relative to it. */
  readonly root: string;
  /** The page on the rules, which has a heading for each code. */
  readonly rulesPage: URL;
  readonly version: string;
}

/** What SARIF calls the severities. */
const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** The root of the checked files, in the words of SARIF's own examples. */
const rootName = 'SRCROOT';

const rules = [...lintRules, omittedFindings];
const indexOfRule = new Map<string, number>(rules.map(({ code }, index) => [code, index]));

/**
 * Findings as SARIF 2.1.0 (OASIS, 27 March 2020), which code hosts and editors read: lines and columns
 * from 1, columns in UTF-16 units, ends exclusive.
 */
export function sarifLog(files: readonly CheckedFile[], settings: SarifSettings): object {
  const { root, rulesPage, version } = settings;
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'ct-mcqa',
            semanticVersion: version,
            rules: rules.map((rule) => describedRule(rule, rulesPage)),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [rootName]: { uri: pathToFileURL(root + sep).href } },
        artifacts: files.map(({ path }) => ({ location: artifactLocation(path, root) })),
        results: files.flatMap(({ path, findings }, index) =>
          findings.map((finding) => resultOf(finding, artifactLocation(path, root, index))),
        ),
      },
    ],
  };
}

function describedRule(
  rule: (typeof rules)[number],
  rulesPage: URL,
): { readonly id: string } & Readonly<Record<string, unknown>> {
  const { code, name, severity, title, explain } = rule;
  const helpUri = new URL(rulesPage);
  helpUri.hash = code.toLowerCase();
  return {
    id: code,
    name: name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: explain },
    help: { text: 'remedy' in rule && rule.remedy ? `${explain} ${rule.remedy}` : explain },
    helpUri: helpUri.href,
    defaultConfiguration: { level: levels[severity] },
  };
}

/** @param index of the file among the artifacts of the run. */
function artifactLocation(path: string, root: string, index?: number): object {
  const absolute = resolve(path);
  const below = relative(root, absolute);
  const isBelow = below !== '' && !below.startsWith('..') && resolve(root, below) === absolute;
  const place =
    isBelow && !/^[a-z]:/i.test(below)
      ? { uri: below.split(sep).map(encodeURIComponent).join('/'), uriBaseId: rootName }
      : { uri: pathToFileURL(absolute).href };
  return index === undefined ? place : { ...place, index };
}

function resultOf(finding: LintFinding, artifact: object): object {
  const { code, severity, message, remedy, range, values, fix } = finding;
  const text = remedy === undefined ? message : `${message} ${formatMessage(remedy, values)}`;
  return {
    ruleId: code,
    ruleIndex: indexOfRule.get(code),
    level: levels[severity],
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: artifact, region: regionOf(range) } }],
    ...(fix && {
      fixes: [
        {
          description: { text: formatMessage(fix.title, values) },
          artifactChanges: [
            {
              artifactLocation: artifact,
              replacements: [
                { deletedRegion: regionOf(fix.range), insertedContent: { text: fix.text } },
              ],
            },
          ],
        },
      ],
    }),
  };
}

function regionOf({ start, end }: TextSpan): object {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
