import { createHash } from 'node:crypto';
import { isNumber } from '../jsonShape';
import { textKey } from './optionText';
import { questionId, questionPatient } from './record';
import type { McqOption, McqRecord } from './record';
import type {
  DatasetOverview,
  Distribution,
  DistributionName,
  DistributionRow,
  FactName,
  FileOverlap,
  OverviewFact,
  SeriesName,
} from './overviewResult';
import type { ReportTable } from './reportTable';
import type { LabelTable } from './tables';
import { binned, ChanceCount, Tally } from './tally';
import { VolumeIndex } from './volumeIndex';
import { parseVolumeName, volumeStem } from './volumeName';

/** Values of free text (manufacturers) beyond the most frequent are one row. */
const mostNames = 12;
/** Nobody is older; what a table says beyond it is a mistake. */
const oldestAge = 120;
const missing = '';
/** Bins of the similarity of a distractor and the true option, from 0 to 1. */
const similarityBins = 10;
const notCompared = -1;
/** Kinds of distractors whose similarity is shown, and those of no known kind. */
const comparedSeries = ['hard', 'easy', 'random', 'generated', 'distractors'] as const;

/** How many of something were seen, and where the first stood. */
class Occurrences {
  count = 0;
  line: number | undefined;

  note(line: number): void {
    this.count++;
    this.line ??= line;
  }
}

/** An option as it is counted. */
interface CountedOption {
  readonly option: McqOption;
  /** Equal for texts that say the same; undefined where there is no text. */
  readonly key: string | undefined;
  /** Characters. */
  readonly length: number | undefined;
}

/** Counts the questions of one file; see overview.ts for what it gives. */
export class OverviewCounts {
  private questions = 0;
  private options = 0;
  private readonly volumes = new Map<string, number>();
  private readonly patients = new Set<string>();
  private readonly texts = new Set<string>();
  private readonly ids = new Set<string>();
  private readonly asked = new Set<string>();
  private readonly problems = {
    unusableLines: new Occurrences(),
    unresolvedTexts: new Occurrences(),
    withoutOneTruth: new Occurrences(),
    repeatedIds: new Occurrences(),
    repeatedQuestions: new Occurrences(),
    equalOptions: new Occurrences(),
    textsOfOtherSplit: new Occurrences(),
  };
  private readonly truePositions: { count: number; chance: ChanceCount }[] = [];
  private readonly extremes = {
    trueLongest: { count: 0, chance: new ChanceCount() },
    trueShortest: { count: 0, chance: new ChanceCount() },
  };
  /** Questions whose lengths are all known and not all equal. */
  private compared = 0;
  private readonly tallies = {
    length: new Tally<number>(2),
    kind: new Tally<string>(),
    similarity: new Tally<number>(comparedSeries.length),
    optionCount: new Tally<number>(),
    mode: new Tally<string>(),
    finding: new Tally<string>(2),
    split: new Tally<string>(3),
    age: new Tally<number>(),
    sex: new Tally<string>(),
    manufacturer: new Tally<string>(),
  };
  private unknownAges = 0;
  private readonly labels = new VolumeIndex<Readonly<Record<string, 0 | 1>>>();

  constructor(labels: LabelTable | undefined) {
    for (const { volume, imagePath = volume, positive, unknown } of labels?.rows ?? []) {
      const known = (labels?.names ?? []).filter((name) => !unknown.includes(name));
      const row = known.map((name) => [name, positive.includes(name) ? 1 : 0] as const);
      this.labels.add(volume, imagePath, Object.fromEntries(row));
    }
  }

  /** @param line 1-based, here and below. */
  addUnusable(line: number): void {
    this.problems.unusableLines.note(line);
  }

  add(record: McqRecord, line: number, reports: ReportTable | undefined): void {
    this.questions++;
    this.options += record.options.length;
    const options = record.options.map((option) => counted(option, record, reports));
    this.addPlace(record);
    this.addIdentity(record, line, options);
    this.addTruth(record, line);
    this.addLengths(options);
    this.addOptions(record, line, options);
    this.addMetadata(record);
    this.tallies.optionCount.add(record.options.length);
    this.tallies.mode.add(record.mode ?? missing);
    const labels =
      record.labels ?? this.labels.find(volumeStem(record.image_path), record.image_path);
    for (const [name, label] of Object.entries(labels ?? {})) {
      this.tallies.finding.add(name, label === 1 ? 0 : 1);
    }
  }

  overview(path: string): DatasetOverview {
    return {
      path,
      facts: this.facts(),
      distributions: this.distributions().filter(({ rows }) =>
        rows.some(({ special }) => special !== 'missing'),
      ),
    };
  }

  overlapWith(other: OverviewCounts): Omit<FileOverlap, 'files'> {
    const common = (mine: Iterable<string>, theirs: { has(key: string): boolean }): number =>
      [...mine].filter((key) => theirs.has(key)).length;
    return {
      volumes: common(this.volumes.keys(), other.volumes),
      patients: common(this.patients, other.patients),
      texts: common(this.texts, other.texts),
    };
  }

  private addPlace(record: McqRecord): void {
    const { image_path: path } = record;
    const name = parseVolumeName(path);
    const volume = name === undefined ? path : volumeStem(path);
    const split = name?.split ?? missing;
    const { tallies, volumes, patients } = this;
    tallies.split.add(split, 0);
    if (!volumes.has(volume)) {
      tallies.split.add(split, 1);
    }
    volumes.set(volume, (volumes.get(volume) ?? 0) + 1);
    // What no name and no field tells is not guessed: two volumes may be of one patient.
    const isTold = name !== undefined || record.patient !== undefined;
    const patient = questionPatient(record);
    if (isTold && !patients.has(patient)) {
      patients.add(patient);
      tallies.split.add(split, 2);
    }
  }

  private addIdentity(record: McqRecord, line: number, options: readonly CountedOption[]): void {
    const id = questionId(record, line);
    if (this.ids.has(id)) {
      this.problems.repeatedIds.note(line);
    }
    this.ids.add(id);
    const keys = options.map(({ key }) => key ?? missing).sort();
    const question = createHash('sha256')
      .update(JSON.stringify([record.image_path, ...keys]))
      .digest('base64');
    if (this.asked.has(question)) {
      this.problems.repeatedQuestions.note(line);
    }
    this.asked.add(question);
  }

  private addTruth({ options }: McqRecord, line: number): void {
    const truth = truthOf(options);
    if (truth === undefined) {
      this.problems.withoutOneTruth.note(line);
      return;
    }
    options.forEach((_, position) => {
      const place = (this.truePositions[position] ??= { count: 0, chance: new ChanceCount() });
      place.count += Number(position === truth);
      place.chance.add(1 / options.length);
    });
  }

  private addLengths(options: readonly CountedOption[]): void {
    for (const { option, length } of options) {
      if (length !== undefined) {
        this.tallies.length.add(length, option.label === 1 ? 0 : 1);
      }
    }
    const truth = truthOf(options.map(({ option }) => option));
    const lengths = options.flatMap(({ length }) => (length === undefined ? [] : [length]));
    if (truth === undefined || lengths.length < options.length) {
      return;
    }
    const shortest = lengths.reduce((least, length) => Math.min(least, length), Infinity);
    const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
    if (shortest === longest) {
      return; // Nothing to tell by.
    }
    this.compared++;
    const { trueLongest, trueShortest } = this.extremes;
    for (const [extreme, bound] of [
      [trueLongest, longest],
      [trueShortest, shortest],
    ] as const) {
      extreme.count += Number(lengths[truth] === bound);
      extreme.chance.add(lengths.filter((length) => length === bound).length / lengths.length);
    }
  }

  private addOptions(record: McqRecord, line: number, options: readonly CountedOption[]): void {
    const split = parseVolumeName(record.image_path)?.split;
    const keys = new Set<string>();
    for (const { option, key } of options) {
      if (key === undefined) {
        this.problems.unresolvedTexts.note(line);
      } else {
        this.texts.add(key);
        keys.add(key);
      }
      if (option.label !== 1) {
        this.tallies.kind.add(option.kind ?? missing);
        this.tallies.similarity.add(similarityBin(option), seriesOf(option));
      }
      const source = parseVolumeName(option.source ?? option.ref ?? missing)?.split;
      if (split !== undefined && source !== undefined && source !== split) {
        this.problems.textsOfOtherSplit.note(line);
      }
    }
    if (keys.size < options.filter(({ key }) => key !== undefined).length) {
      this.problems.equalOptions.note(line);
    }
  }

  private addMetadata({ metadata }: McqRecord): void {
    const { age, sex, manufacturer } = metadata ?? {};
    if (isNumber(age) && age >= 0 && age <= oldestAge) {
      this.tallies.age.add(Math.floor(age));
    } else {
      this.unknownAges++;
    }
    this.tallies.sex.add(textOr(sex));
    this.tallies.manufacturer.add(textOr(manufacturer));
  }

  private facts(): OverviewFact[] {
    const numbers: readonly (readonly [FactName, number])[] = [
      ['questions', this.questions],
      ['options', this.options],
      ['volumes', this.volumes.size],
      ...(this.patients.size > 0 ? [['patients', this.patients.size] as const] : []),
      ['distinctTexts', this.texts.size],
    ];
    const extremes = Object.entries(this.extremes).map(
      ([name, { count, chance }]): OverviewFact => ({
        name: name as FactName,
        value: count,
        of: this.compared,
        expected: chance.expectation(),
      }),
    );
    const problems = Object.entries(this.problems).map(([name, { count, line }]): OverviewFact => ({
      name: name as FactName,
      value: count,
      ...(line !== undefined && { line }),
    }));
    return [
      ...numbers.map(([name, value]) => ({ name, value })),
      ...(this.compared > 0 ? extremes : []),
      ...problems,
    ];
  }

  private distributions(): Distribution[] {
    const { tallies } = this;
    const one = (
      name: DistributionName,
      series: readonly SeriesName[],
      rows: readonly DistributionRow[],
    ): Distribution => ({ name, series, rows });
    const perVolume = new Tally<number>();
    for (const questions of this.volumes.values()) {
      perVolume.add(questions);
    }
    const ages = binned(tallies.age, 1);
    const unknown = { name: missing, special: 'missing', counts: [this.unknownAges] } as const;
    return [
      one('position', ['true'], this.positionRows()),
      one('length', ['true', 'distractors'], binned(tallies.length, 2)),
      one('kind', ['options'], named(tallies.kind.byFrequency())),
      difficulty(tallies.similarity),
      one('optionCount', ['questions'], binned(tallies.optionCount, 1)),
      one('mode', ['questions'], named(tallies.mode.byFrequency())),
      one('finding', ['positive', 'negative'], byPositives(tallies.finding)),
      one('split', ['questions', 'volumes', 'patients'], named(tallies.split.byFrequency())),
      one('questionsPerVolume', ['volumes'], binned(perVolume, 1)),
      one('age', ['questions'], this.unknownAges > 0 ? [...ages, unknown] : ages),
      one('sex', ['questions'], named(tallies.sex.byFrequency())),
      one('manufacturer', ['questions'], named(tallies.manufacturer.byFrequency(mostNames))),
    ];
  }

  private positionRows(): DistributionRow[] {
    return this.truePositions.map(({ count, chance }, position) => ({
      name: String(position + 1),
      counts: [count],
      expected: chance.expectation(),
    }));
  }
}

function counted(
  option: McqOption,
  record: McqRecord,
  reports: ReportTable | undefined,
): CountedOption {
  const { text, ref } = option;
  if (text === undefined && ref !== undefined) {
    const length = reports?.textOf(ref, record)?.length;
    return { option, key: reports?.keyOf(ref, record), length };
  }
  return { option, key: textKey(text ?? missing), length: text?.length };
}

/** Index of the option labelled 1, where there is exactly one. */
function truthOf(options: readonly McqOption[]): number | undefined {
  const truths = options.flatMap(({ label }, index) => (label === 1 ? [index] : []));
  return truths.length === 1 ? truths[0] : undefined;
}

/** The series of a distractor: its kind, where it says one. */
function seriesOf({ kind }: McqOption): number {
  const series = comparedSeries.findIndex((name) => name === kind);
  return series === -1 ? comparedSeries.length - 1 : series;
}

/** Tenths of the similarity, 0 to 9; `notCompared` where there is none. */
function similarityBin({ similarity }: McqOption): number {
  return isNumber(similarity) && similarity >= 0 && similarity <= 1
    ? // What is written with decimals may be a little less than it says.
      Math.min(similarityBins - 1, Math.floor(similarity * similarityBins + 1e-9))
    : notCompared;
}

/** How alike distractors and the true option are, by kind: those kinds of which any distractor says so. */
function difficulty(similarity: Tally<number>): Distribution {
  const bins = Array.from({ length: similarityBins }, (_, bin) => bin);
  const shown = comparedSeries.flatMap((_, series) =>
    bins.some((bin) => similarity.countsOf(bin)[series] > 0) ? [series] : [],
  );
  const countsOf = (bin: number): number[] =>
    shown.map((series) => similarity.countsOf(bin)[series]);
  const bound = (bin: number): string => (bin / similarityBins).toFixed(1);
  const unknown = { name: missing, special: 'missing', counts: countsOf(notCompared) } as const;
  const rows = bins.map((bin) => ({
    name: `${bound(bin)}–${bound(bin + 1)}`,
    counts: countsOf(bin),
  }));
  return {
    name: 'difficulty',
    series: shown.map((series) => comparedSeries[series]),
    rows:
      shown.length === 0
        ? []
        : unknown.counts.some((count) => count > 0)
          ? [...rows, unknown]
          : rows,
  };
}

/** Other types than text count as not given: the checks name them. */
function textOr(value: unknown): string {
  return typeof value === 'string' ? value.trim() : missing;
}

/** Rows without a name say so; they come last. */
function named(rows: readonly DistributionRow[]): DistributionRow[] {
  const isMissing = ({ name, special }: DistributionRow): boolean =>
    name === missing && special === undefined;
  return [
    ...rows.filter((row) => !isMissing(row)),
    ...rows.filter(isMissing).map((row) => ({ ...row, special: 'missing' as const })),
  ];
}

/** The findings that most questions show first. */
function byPositives(findings: Tally<string>): DistributionRow[] {
  return findings.byFrequency().sort((a, b) => b.counts[0] - a.counts[0]);
}
