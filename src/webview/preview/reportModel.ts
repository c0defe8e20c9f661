import type {
  ContextSource,
  VolumeContext,
  VolumeLabels,
  VolumeReport,
  VolumeScan,
} from '../../core/dataset/volumeContext';
import type {
  PanelQuestion,
  PanelQuestions,
  ReportPanelStrings,
} from '../../protocol/volumeContext';
import { decimal, fill } from '../shared/format';
import { millimetres, scanRows } from '../shared/scanRows';

/** What the report panel says, apart from how it is drawn. */

export interface LabelChip {
  readonly name: string;
  readonly state: 'present' | 'absent' | 'notKnown';
  /** Stands for the state beside its colour. */
  readonly sign: string;
}

const signs: Readonly<Record<LabelChip['state'], string>> = {
  present: '✓',
  absent: '–',
  notKnown: '?',
};

/** The labels that are there first, then those that are not known, then those that are not there. */
export function labelChips({ positive, negative, unknown }: VolumeLabels): LabelChip[] {
  const chips = (names: readonly string[], state: LabelChip['state']): LabelChip[] =>
    names.map((name) => ({ name, state, sign: signs[state] }));
  return [
    ...chips(positive, 'present'),
    ...chips(unknown, 'notKnown'),
    ...chips(negative, 'absent'),
  ];
}

/** "3 of 18 labels are present". */
export function labelCount(labels: VolumeLabels, strings: ReportPanelStrings): string {
  const { positive, negative, unknown } = labels;
  const all = positive.length + negative.length + unknown.length;
  return fill(strings.labelCount, positive.length, all);
}

/** Headings and texts of the sections that were given, what is read first first. */
export function reportSections(
  { findings, impression, clinicalInformation, technique }: VolumeReport,
  strings: ReportPanelStrings,
): (readonly [heading: string, text: string])[] {
  const sections: readonly (readonly [string, string])[] = [
    [strings.findings, findings],
    [strings.impression, impression],
    [strings.clinicalInformation, clinicalInformation],
    [strings.technique, technique],
  ];
  return sections.filter(([, text]) => text !== '');
}

/** What a table says of patient and scan, as terms and values. */
export function tableScanRows(
  { metadata, xySpacing, zSpacing, rescaleSlope, rescaleIntercept }: VolumeScan,
  strings: ReportPanelStrings,
): (readonly [string, string])[] {
  const number = (term: string, value: number | undefined): (readonly [string, string])[] =>
    value === undefined ? [] : [[term, decimal(value, 6)]];
  return [
    ...scanRows(metadata, strings),
    ...(metadata.spacing_mm === undefined ? partOfSpacing(xySpacing, zSpacing) : []).map(
      (part) => [strings.spacing, part] as const,
    ),
    ...number(strings.rescaleSlope, rescaleSlope),
    ...number(strings.rescaleIntercept, rescaleIntercept),
  ];
}

/** Only in-plane or only slice spacing may be given: then it is no spacing of a record. */
function partOfSpacing(
  xySpacing: readonly [number, number] | undefined,
  zSpacing: number | undefined,
): string[] {
  const unknown = '?';
  if (xySpacing !== undefined) {
    return [millimetres([...xySpacing]).replace(' mm', ` × ${unknown} mm`)];
  }
  return zSpacing === undefined ? [] : [`${unknown} × ${unknown} × ${millimetres([zSpacing])}`];
}

/** "reports.csv, line 12". */
export function sourceText({ path, line }: ContextSource, strings: ReportPanelStrings): string {
  const file = fileName(path);
  return line === undefined ? fill(strings.source, file) : fill(strings.sourceLine, file, line);
}

/** What is missing of the report; undefined where it is there. */
export function reportAbsence(
  { report, labels, scan, searched, volume }: VolumeContext,
  strings: ReportPanelStrings,
): string | undefined {
  if (report !== undefined) {
    return undefined;
  }
  if (searched === 0) {
    return strings.noTables;
  }
  return labels === undefined && scan === undefined
    ? fill(strings.noTableNamesIt, volume)
    : strings.noReport;
}

/** What is missing of the questions; undefined where there are some. */
export function questionsAbsence(
  { questions, searched }: PanelQuestions,
  strings: ReportPanelStrings,
): string | undefined {
  return questions.length > 0
    ? undefined
    : searched === 0
      ? strings.noQuestionFiles
      : strings.noQuestions;
}

/** "chest.mcqa.jsonl, line 12 · impressions". */
export function questionPlace(question: PanelQuestion, strings: ReportPanelStrings): string {
  const { file, line, mode } = question;
  return `${fill(strings.sourceLine, file, line)} · ${strings.modes[mode ?? 'unknown']}`;
}

/** A longer text is shown by its beginning, with a button for the rest; characters. */
const longestWhole = 240;

export function isLongText(text: string): boolean {
  return text.length > longestWhole;
}

/** The name of a file of either kind of path. */
function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
