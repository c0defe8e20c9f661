import type { Random } from '../../random';
import type { Patient } from '../patient';
import type { Phantom } from '../phantom';
import type { ctRateLabels } from '../columns';

export type FindingLabel = (typeof ctRateLabels)[number];

/** Parts of a report, in the order they are dictated. */
export const regions = [
  'devices',
  'airways',
  'heart',
  'vessels',
  'nodes',
  'lungs',
  'pleura',
  'oesophagus',
] as const;
export type Region = (typeof regions)[number];

/** Where (or in which form) a finding occurs, in a report's words: "left", "right upper lobe". */
export interface Site {
  readonly words: string;
}

/** One finding in one scan. */
export interface Occurrence<S extends Site> {
  readonly site: S;
  /** 0 just visible, 1 as bad as it gets. */
  readonly severity: number;
  /** Whole mm, as the report states it; follows from the severity. */
  readonly sizeMm: number;
}

/** What a finding is drawn on. */
export interface Canvas {
  readonly phantom: Phantom;
  readonly patient: Patient;
  /** Gives the same numbers in every scan of the patient, so that a finding stays where it was. */
  readonly random: Random;
}

/** A kind of finding: how often, where and how large, how it looks and how it is worded. */
export interface FindingDefinition<S extends Site> {
  readonly label: FindingLabel;
  readonly region: Region;
  /** Relative weight among all kinds. */
  readonly frequency: number;
  /** Not drawn in patients younger than this. */
  readonly fromAge?: number;
  /** Whether it may grow, shrink or vanish between two scans. */
  readonly changes: boolean;
  readonly sites: readonly S[];
  /** Size at severity 0 and 1. */
  readonly sizeMm: readonly [number, number];
  /** The patient with it, where it is a matter of an organ's own measures. */
  alter?(patient: Patient, occurrence: Occurrence<S>): Patient;
  /** Paints it over the finished anatomy. */
  draw?(canvas: Canvas, occurrence: Occurrence<S>): void;
  /** Ways to describe it under "findings". */
  sentences(occurrence: Occurrence<S>): readonly string[];
  /** Ways to name it in the impression. */
  conclusions(occurrence: Occurrence<S>): readonly string[];
  /** Ways to say that it is not there. */
  readonly absences: readonly string[];
}

/** A finding of a scan, ready to be drawn and worded. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: number;
  alter(patient: Patient): Patient;
  draw(canvas: Canvas): void;
  sentence(random: Random): string;
  conclusion(random: Random): string;
  /** The same finding in a later scan. */
  withSeverity(severity: number): Finding;
}

export interface FindingKind {
  readonly label: FindingLabel;
  readonly region: Region;
  readonly frequency: number;
  readonly fromAge: number;
  readonly changes: boolean;
  readonly absences: readonly string[];
  occur(random: Random): Finding;
}

/** Makes a {@link FindingKind} of its definition; what its sites are stays inside. */
export function findingKind<S extends Site>(definition: FindingDefinition<S>): FindingKind {
  const { label, region, frequency, changes, absences, fromAge = 0 } = definition;
  const kind: FindingKind = {
    label,
    region,
    frequency,
    fromAge,
    changes,
    absences,
    occur: (random) => finding(random.pick(definition.sites), random.uniform()),
  };
  const finding = (site: S, severity: number): Finding => {
    const [mild, severe] = definition.sizeMm;
    const sizeMm = Math.round(mild + severity * (severe - mild));
    const occurrence = { site, severity, sizeMm };
    return {
      kind,
      severity,
      alter: (patient) => definition.alter?.(patient, occurrence) ?? patient,
      draw: (canvas) => definition.draw?.(canvas, occurrence),
      sentence: (random) => random.pick(definition.sentences(occurrence)),
      conclusion: (random) => random.pick(definition.conclusions(occurrence)),
      withSeverity: (later) => finding(site, Math.min(1, Math.max(0, later))),
    };
  };
  return kind;
}

/** One of three words for a severity. */
export function grade(
  severity: number,
  words: readonly [string, string, string] = ['mild', 'moderate', 'severe'],
): string {
  return words[Math.min(2, Math.floor(severity * 3))];
}

/** With a capital first letter. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
