import type { SourceLabels } from '../planQuestions';
import { LabelDifference } from './labelDifference';
import type { DifferenceRange } from './labelDifference';
import { NearDuplicates } from './nearDuplicates';

/** What must be known of a scan's report to choose what it may stand beside: whose it is, and what it says. */
export interface Candidate {
  readonly patient: string;
  readonly text: string;
  /** Equal for texts that are equal after normalisation. */
  readonly textKey: string;
  readonly labels?: SourceLabels | undefined;
}

/** Why nobody could tell which of two options is the true one. */
export type Doubt = 'same findings' | 'nearly the same text';

export interface CandidateRules {
  /** In how many findings every two options of a question differ. */
  readonly labelDifference?: DifferenceRange;
  /** What becomes of pairs in {@link Doubt}: they are kept apart, or may meet and are marked. */
  readonly undecidable: 'avoid' | 'flag';
}

/** Candidates, the texts they stand for, and which of them may be options of one question. */
export class Candidates {
  /** Text of each candidate, by index into {@link members}. */
  readonly textOf: Int32Array;
  /** Candidates of each text. */
  readonly members: readonly (readonly number[])[];
  private readonly duplicates: NearDuplicates;
  private readonly differences: LabelDifference;

  constructor(
    readonly list: readonly Candidate[],
    private readonly rules: CandidateRules = { undecidable: 'flag' },
  ) {
    const groups = new Map<string, number[]>();
    list.forEach(({ textKey }, index) => {
      const members = groups.get(textKey);
      if (members === undefined) {
        groups.set(textKey, [index]);
      } else {
        members.push(index);
      }
    });
    this.members = [...groups.values()];
    this.textOf = new Int32Array(list.length);
    this.members.forEach((members, text) => {
      for (const member of members) {
        this.textOf[member] = text;
      }
    });
    this.duplicates = new NearDuplicates((text) => this.textAt(text));
    this.differences = new LabelDifference(list.map(({ labels }) => labels));
  }

  get count(): number {
    return this.list.length;
  }

  /** The words of a text. */
  textAt(text: number): string {
    return this.list[this.members[text][0]].text;
  }

  /**
   * True where more than patient and text decide who may meet: then one candidate that nothing fits
   * says nothing about the others.
   */
  get isSelective(): boolean {
    return this.rules.labelDifference !== undefined || this.rules.undecidable === 'avoid';
  }

  /** Two candidates may be options of one question: never of one patient, never with one text. */
  mayMeet(some: number, other: number): boolean {
    return (
      this.list[some].patient !== this.list[other].patient &&
      this.textOf[some] !== this.textOf[other] &&
      this.differsAsWanted(some, other) &&
      (this.rules.undecidable === 'flag' || this.doubtBetween(some, other) === undefined)
    );
  }

  doubtBetween(some: number, other: number): Doubt | undefined {
    if (this.differences.between(some, other) === 0) {
      return 'same findings';
    }
    return this.duplicates.areAlike(this.textOf[some], this.textOf[other])
      ? 'nearly the same text'
      : undefined;
  }

  private differsAsWanted(some: number, other: number): boolean {
    const range = this.rules.labelDifference;
    if (range === undefined) {
      return true;
    }
    const difference = this.differences.between(some, other);
    return (
      difference !== undefined &&
      difference >= range.least &&
      difference <= (range.most ?? Infinity)
    );
  }
}
