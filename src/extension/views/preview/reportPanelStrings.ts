import { l10n } from 'vscode';
import type { ReportPanelStrings } from '../../../protocol/volumeContext';
import { optionStrings, outcomeStrings, scanStrings } from '../questionStrings';

/** The report panel's words in the language of the editor. */
export function reportPanelStrings(): ReportPanelStrings {
  return {
    ...optionStrings(),
    ...outcomeStrings(),
    ...scanStrings(),
    title: l10n.t('Report and questions'),
    report: l10n.t('Report'),
    clinicalInformation: l10n.t('Clinical information'),
    technique: l10n.t('Technique'),
    findings: l10n.t('Findings'),
    impression: l10n.t('Impression'),
    labels: l10n.t('Labels'),
    labelCount: l10n.t('{0} of {1} are present'),
    present: l10n.t('present'),
    absent: l10n.t('absent'),
    notKnown: l10n.t('not known'),
    patientAndScan: l10n.t('Patient and scan'),
    rescaleSlope: l10n.t('Rescale slope'),
    rescaleIntercept: l10n.t('Rescale intercept'),
    rescaleHint: l10n.t(
      'As the table says; files that hold HU already must not be rescaled again.',
    ),
    leftOut: l10n.t('A list of volumes to leave out names {0}:'),
    source: l10n.t('From {0}'),
    sourceLine: l10n.t('{0}, line {1}'),
    showSource: l10n.t('Show where this stands'),
    questions: l10n.t('Questions'),
    moreQuestions: l10n.t('{0} more questions on this volume are not listed.'),
    modes: {
      full_report: l10n.t('full reports'),
      impression: l10n.t('impressions'),
      keywords: l10n.t('keywords'),
      yes_no: l10n.t('yes or no'),
      unknown: l10n.t('texts'),
    },
    showOnCard: l10n.t('Show in Question Card'),
    goToLine: l10n.t('Go to Line'),
    chooseOption: l10n.t('Show Evidence for {0}'),
    showOptionVolume: l10n.t('Show {0} at this place'),
    more: l10n.t('More'),
    less: l10n.t('Less'),
    reading: l10n.t('Looking for the report'),
    noTables: l10n.t('There is no report table in this workspace.'),
    noTableNamesIt: l10n.t('No report table in this workspace names {0}.'),
    noReport: l10n.t('The tables of this workspace give no report of this volume.'),
    noQuestionFiles: l10n.t(
      'There is no question file in this workspace: build one from the reports.',
    ),
    noQuestions: l10n.t('No question file in this workspace asks about this volume.'),
    chooseTable: l10n.t('Choose Table…'),
    failed: l10n.t('This could not be read'),
    retry: l10n.t('Try Again'),
    problems: l10n.t('Not everything could be read ({0})'),
  };
}
