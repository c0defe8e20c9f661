import type { JsonLine } from '../jsonl';
import type { LineEnding } from '../lines';
import type { McqRecord } from '../record';
import type { ReportTable } from '../reportTable';
import { profileOf } from './textProfile';
import type { TextProfile } from './textProfile';

/** What a model reads of an option if nobody says otherwise: BERT's limit, and CT-CLIP's. */
const usualTokenLimit = 512;

/** What the questions of one file refer to. */
export class QuestionSurroundings {
  /** By mode, then by reference. */
  private readonly profiles = new Map<string, Map<string, TextProfile>>();

  constructor(
    /** The table that `ref` options point into; undefined where there is none or it cannot be read. */
    readonly reports: () => ReportTable | undefined = () => undefined,
    /** Findings that a volume shows, of the labels table. */
    readonly labelsOf: (volume: string) => readonly string[] | undefined = (volume) =>
      reports()?.positiveLabelsOf(volume),
    readonly tokenLimit = usualTokenLimit,
  ) {}

  /** The profile of a report of the table: one for all questions that refer to it. */
  profileOfReport(ref: string, record: McqRecord): TextProfile | undefined {
    const table = this.reports();
    if (table === undefined) {
      return undefined;
    }
    const mode = table.modeOf(record);
    const known = this.profiles.get(mode) ?? new Map<string, TextProfile>();
    this.profiles.set(mode, known);
    let profile = known.get(ref);
    if (profile === undefined) {
      const text = table.plainTextOf(ref, record);
      if (text === undefined) {
        return undefined;
      }
      profile = profileOf(text);
      known.set(ref, profile);
    }
    return profile;
  }
}

/** The content of one line with what it refers to, whatever line it stands on. */
export class QuestionLine {
  readonly record: McqRecord | undefined;
  private profiles: (TextProfile | undefined)[] | undefined;

  constructor(
    readonly json: JsonLine,
    readonly surroundings: QuestionSurroundings,
  ) {
    this.record = json.record;
  }

  /** The text of an option, references resolved, without the metadata sentence before references. */
  textOf(index: number): string | undefined {
    const { record, surroundings } = this;
    const { text, ref } = record?.options[index] ?? {};
    return text === undefined && record !== undefined && ref !== undefined
      ? surroundings.reports()?.plainTextOf(ref, record)
      : text;
  }

  /** What the rules need to know of each option's text; undefined where a reference leads nowhere. */
  get textProfiles(): readonly (TextProfile | undefined)[] {
    const { record } = this;
    this.profiles ??= (record?.options ?? []).map(({ text, ref }) =>
      text !== undefined
        ? profileOf(text)
        : record && ref !== undefined
          ? this.surroundings.profileOfReport(ref, record)
          : undefined,
    );
    return this.profiles;
  }

  /** Index of the one true option, if there is one. */
  get truth(): number | undefined {
    const { options } = this.record ?? { options: [] };
    const truth = options.findIndex(({ label }) => label === 1);
    return truth < 0 || options.some(({ label }, index) => label === 1 && index > truth)
      ? undefined
      : truth;
  }
}

/** A line in its place of a file. */
export class PlacedLine {
  constructor(
    /** 0-based. */
    readonly line: number,
    /** UTF-16 offset of the line in the whole text. */
    readonly offset: number,
    readonly ending: LineEnding,
    readonly question: QuestionLine,
  ) {}

  get record(): McqRecord | undefined {
    return this.question.record;
  }
}
