import { Random } from '../random';
import { findingKinds } from './findings';
import type { Finding, FindingKind } from './findings/kind';
import { samplePatient } from './patient';
import type { Patient } from './patient';
import { sampleScanner } from './scanners';
import type { Kernel, Scanner } from './scanners';

/** One visit to the scanner; all its reconstructions share one report. */
export interface Scan {
  readonly patientNumber: number;
  /** `a` for the first scan of a patient, `b` for the next. */
  readonly letter: string;
  readonly patient: Patient;
  readonly findings: readonly Finding[];
  readonly scanner: Scanner;
  readonly kernels: readonly Kernel[];
  /** yyyymmdd, as DICOM writes it. */
  readonly date: string;
  /** An independent generator for one purpose in this scan. */
  random(purpose: string): Random;
  /** One that all scans of the patient share. */
  patientRandom(purpose: string): Random;
}

/** One file: `train_1_a_2` is reconstruction 2 of scan a of patient 1. */
export interface PlannedVolume {
  readonly name: string;
  readonly scan: Scan;
  readonly kernel: Kernel;
}

const secondScanChance = 0.15;
const secondReconstructionChance = 0.15;
const longestGapDays = 240;
const firstStudy = Date.UTC(2019, 0, 7);
const studyDays = 1400;
const dayMs = 86_400_000;

/** How many findings a first scan has: weight of 0, 1, 2, ... */
const findingCountWeights = [0.03, 0.08, 0.24, 0.35, 0.3];

/**
 * The volumes of a corpus in order. Patient n depends on the seed and n alone: a larger corpus
 * begins with the smaller one.
 */
export function* plannedVolumes(seed: number, volumes: number): Generator<PlannedVolume> {
  let left = volumes;
  for (let patientNumber = 1; left > 0; patientNumber++) {
    for (const scan of scansOf(seed, patientNumber)) {
      for (const [n, kernel] of scan.kernels.entries()) {
        if (left-- > 0) {
          yield { name: `train_${patientNumber}_${scan.letter}_${n + 1}`, scan, kernel };
        }
      }
    }
  }
}

function scansOf(seed: number, patientNumber: number): Scan[] {
  const random = Random.fromSeed(seed, 'patient', patientNumber);
  const patient = samplePatient(random);
  const first = sampleFindings(random, patient);
  const firstDay = random.index(studyDays);
  const followUp = random.chance(secondScanChance);
  const visits = [{ findings: first, day: firstDay }];
  if (followUp) {
    const day = firstDay + 14 + random.index(longestGapDays);
    visits.push({ findings: findingsLater(random, patient, first), day });
  }
  return visits.map(({ findings, day }, n): Scan => {
    const letter = 'ab'[n];
    const scanner = sampleScanner(random);
    const [smooth, sharp] = random.shuffled(scanner.kernels);
    return {
      patientNumber,
      letter,
      patient: findings.reduce((altered, finding) => finding.alter(altered), patient),
      findings,
      scanner,
      kernels: random.chance(secondReconstructionChance) ? [smooth, sharp] : [smooth],
      date: new Date(firstStudy + day * dayMs).toISOString().slice(0, 10).replaceAll('-', ''),
      random: (purpose) => Random.fromSeed(seed, 'patient', patientNumber, 'scan', letter, purpose),
      patientRandom: (purpose) => Random.fromSeed(seed, 'patient', patientNumber, purpose),
    };
  });
}

function sampleFindings(random: Random, patient: Patient): Finding[] {
  const count = weightedIndex(random, findingCountWeights);
  const possible = findingKinds.filter((kind) => patient.age >= kind.fromAge);
  const chosen = new Set<FindingKind>();
  while (chosen.size < count) {
    chosen.add(
      possible[
        weightedIndex(
          random,
          possible.map((kind) => kind.frequency),
        )
      ],
    );
  }
  return inPaintingOrder([...chosen].map((kind) => kind.occur(random)));
}

/** Weeks later: what can change has grown, shrunk or gone, and something may have come. */
function findingsLater(random: Random, patient: Patient, before: readonly Finding[]): Finding[] {
  const later = before
    .filter((finding) => !(finding.kind.changes && random.chance(0.3)))
    .map((finding) =>
      finding.kind.changes
        ? finding.withSeverity(finding.severity + random.between(-0.6, 0.6))
        : finding,
    );
  const fresh = sampleFindings(random, patient)
    .filter(({ kind }) => kind.changes && before.every((finding) => finding.kind !== kind))
    .slice(0, Math.max(0, 4 - later.length))
    .slice(0, 1);
  return inPaintingOrder([...later, ...fresh]);
}

function inPaintingOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => findingKinds.indexOf(a.kind) - findingKinds.indexOf(b.kind));
}

function weightedIndex(random: Random, weights: readonly number[]): number {
  let rest = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  return Math.max(
    weights.findIndex((weight) => (rest -= weight) < 0),
    0,
  );
}
