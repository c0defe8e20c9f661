import { l10n } from 'vscode';
import type { HeaderDescription } from '../../../core/volume/headerDescription';
import type { HeaderPageStrings } from '../../../protocol/headerPage';

/** The words of the page on a volume's header in the language of the editor. */
export function headerPageStrings(): HeaderPageStrings {
  return {
    title: l10n.t('All fields of the header'),
    format: l10n.t('{0}, {1}'),
    littleEndian: l10n.t('little-endian'),
    bigEndian: l10n.t('big-endian'),
    problems: l10n.t('Problems'),
    noProblems: l10n.t('No problems: nibabel and we have nothing against this header.'),
    severities: {
      note: l10n.t('Note'),
      information: l10n.t('Information'),
      warning: l10n.t('Warning'),
      error: l10n.t('Error'),
    },
    severity: l10n.t('{0}, level {1}'),
    sources: {
      nibabel: l10n.t("nibabel's check {0}"),
      ours: l10n.t("CT MCQA's check {0}"),
    },
    fields: l10n.t('Fields'),
    filter: l10n.t('Filter by name'),
    listed: l10n.t('{0} of {1} fields'),
    field: l10n.t('Field'),
    type: l10n.t('Stored type'),
    value: l10n.t('Value'),
    meaning: l10n.t('Meaning'),
    extensions: l10n.t('Header extensions'),
    code: l10n.t('Code'),
    name: l10n.t('Name'),
    bytes: l10n.t('Bytes'),
    atByte: l10n.t('At byte'),
  };
}

/** The same description with its words in the language of the editor; names and values stay. */
export function localisedHeader(description: HeaderDescription): HeaderDescription {
  return {
    ...description,
    fields: description.fields.map((field) =>
      field.meaning === undefined ? field : { ...field, meaning: words(field.meaning, {}) },
    ),
    checks: description.checks.map((check) => ({
      ...check,
      message: words(check.template, check.values),
      remedy: words(check.remedyTemplate, check.values),
    })),
  };
}

function words(template: string, values: Readonly<Record<string, string | number>>): string {
  return l10n.t(template, values);
}
