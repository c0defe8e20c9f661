import type { McqOption, McqRecord } from '../../record';
import { parseVolumeName } from '../../volumeName';
import { patientNamed } from '../patientNames';
import type { QuestionLine } from '../questionLine';
import type { LineRule } from '../rule';
import { forEachRepeat, mostCompared, saySame } from '../sameText';
import { estimatedLikeness, likeness } from '../textProfile';
import type { TextProfile } from '../textProfile';
import { onRecord } from './onRecord';

/** Options of which one was made from the other differ little on purpose. */
const madeFromAnother: ReadonlySet<string> = new Set(['generated']);
/** Share of word pairs in common from which two texts are as good as one. */
const nearlyEqual = 0.85;
/** What the estimate may miss of it. */
const estimateSlack = 0.12;
/** Shorter texts differ in too few words for a share of them to say anything. */
const fewestWords = 12;

const letterOrDigit = /[\p{L}\p{N}]/u;

/** The volume that an option's text is said to come from. */
const originOf = ({ source, ref }: McqOption): string | undefined => source ?? ref;

/** The options of a question, each by itself and against each other. */
export const optionRules: readonly LineRule[] = Object.freeze<LineRule[]>([
  {
    code: 'MCQ201',
    name: 'too-few-options',
    severity: 'error',
    title: 'Fewer than two options',
    explain: 'There is nothing to choose between.',
    template: 'A question needs at least 2 options; this one has {count}.',
    basic: true,
    blocksReading: true,
    checkLine: onRecord(({ options }, report) => {
      if (options.length < 2) {
        report(['options'], { count: options.length });
      }
    }),
  },
  {
    code: 'MCQ202',
    name: 'true-option-count',
    severity: 'error',
    title: 'Not exactly one true option',
    explain: 'Exactly one option must have label 1; training and scores count on it.',
    template: 'Exactly one option must have label 1; here {count} have.',
    remedy: 'Set label 1 on the report of this scan and 0 on all others.',
    basic: true,
    checkLine: onRecord(({ options }, report) => {
      const count = options.filter(({ label }) => label === 1).length;
      if (count !== 1 && options.length > 0) {
        report(['options'], { count });
      }
    }),
  },
  {
    code: 'MCQ203',
    name: 'empty-option',
    severity: 'error',
    title: 'Option text is empty',
    explain: 'An option without a word says nothing about a scan, and gives itself away.',
    template: 'The text of option {option} is empty.',
    basic: true,
    blocksReading: true,
    checkLine: onRecord(({ options }, report) => {
      options.forEach(({ text }, index) => {
        if (text !== undefined && !letterOrDigit.test(text)) {
          report(['options', index, 'text'], { option: index + 1 });
        }
      });
    }),
  },
  {
    code: 'MCQ204',
    name: 'duplicate-option',
    severity: 'error',
    title: 'Two options say the same',
    explain: 'Options that differ only in case, spaces or punctuation cannot be told apart.',
    template: 'Options {first} and {option} have the same text.',
    remedy: 'Replace one of the two by another report.',
    basic: true,
    checkLine: onRecord(({ options }, report) => {
      const tell = (field: 'text' | 'ref') => (index: number, first: number) => {
        report(['options', index, field], { option: index + 1, first: first + 1 });
      };
      const texts = options.map(({ text }) => text);
      const refs = options.map(({ text, ref }) => (text === undefined ? ref : undefined));
      forEachRepeat(texts, sayTheSame, tell('text'));
      forEachRepeat(refs, (a, b) => a === b, tell('ref'));
    }),
  },
  {
    code: 'MCQ205',
    name: 'near-duplicate-option',
    severity: 'warning',
    title: 'Two options say nearly the same',
    explain:
      'Reports of follow-ups and of normal scans are often copied but for a word: nobody can say which of two such options is true. Options that were made from another one (kind "generated") differ little on purpose and are left alone.',
    template: 'Options {first} and {option} have {share} % of their word pairs in common.',
    remedy: 'Replace one of the two by another report.',
    needs: 'reports',
    checkLine: onRecord(({ mode, options }, report, line) => {
      if (mode === 'yes_no') {
        return;
      }
      const compared = options.slice(0, mostCompared).map(({ kind }, index) => {
        const profile =
          kind !== undefined && madeFromAnother.has(kind) ? undefined : line.textProfiles[index];
        return profile && profile.words >= fewestWords ? profile : undefined;
      });
      compared.forEach((profile, index) => {
        for (let first = 0; profile !== undefined && first < index; first++) {
          const other = compared[first];
          const share =
            other === undefined ? 0 : sharedPairs(line, [first, other], [index, profile]);
          if (share >= nearlyEqual) {
            const values = { first: first + 1, option: index + 1, share: Math.floor(100 * share) };
            report(['options', index, fieldOf(options[index])], values);
            return;
          }
        }
      });
    }),
  },
  {
    code: 'MCQ206',
    name: 'text-and-ref',
    severity: 'warning',
    title: 'Option has a text and a reference',
    explain: 'The text is used; the reference is ignored and may say something else.',
    template: 'Option {option} has both `text` and `ref`; `ref` is ignored.',
    fix: 'Remove the reference',
    basic: true,
    checkLine: onRecord(({ options }, report, { json }) => {
      options.forEach(({ text, ref }, index) => {
        if (text !== undefined && ref !== undefined) {
          const path = ['options', index, 'ref'];
          const place = json.wholeFieldRange(path);
          report(path, { option: index + 1 }, place && { place, text: '' });
        }
      });
    }),
  },
  {
    code: 'MCQ207',
    name: 'kind-contradicts-label',
    severity: 'warning',
    title: 'Kind and label disagree',
    explain: 'An option of kind "true" must have label 1, and every other kind label 0.',
    template: 'Option {option} has kind "{kind}" but label {label}.',
    basic: true,
    checkLine: onRecord(({ options }, report) => {
      options.forEach(({ kind, label }, index) => {
        if (kind !== undefined && (kind === 'true') !== (label === 1)) {
          report(['options', index, 'kind'], { option: index + 1, kind, label });
        }
      });
    }),
  },
  {
    code: 'MCQ208',
    name: 'same-patient-distractor',
    severity: 'warning',
    title: 'Distractor from the same patient',
    explain:
      'Another scan or reconstruction of the same patient has much the same report: the question may have no single right answer.',
    template: 'Option {option} is a distractor from the same patient, {patient}.',
    remedy: 'Take a report of another patient.',
    checkLine: onRecord(({ image_path, options }, report) => {
      const patient = patientNamed(image_path);
      options.forEach((option, index) => {
        const origin = originOf(option);
        if (
          option.label === 0 &&
          origin !== undefined &&
          !madeFromAnother.has(option.kind ?? '') &&
          patientNamed(origin) === patient &&
          parseVolumeName(image_path) !== undefined
        ) {
          report(['options', index], { option: index + 1, patient });
        }
      });
    }),
  },
  {
    code: 'MCQ209',
    name: 'same-scan-options',
    severity: 'info',
    title: 'Two distractors from one patient',
    explain:
      'Reconstructions of a scan share one report and scans of a patient much of it, so the question has one choice fewer than it seems.',
    template: 'Options {first} and {option} are both distractors from the patient {patient}.',
    remedy: 'Take each distractor from another patient.',
    checkLine: onRecord(({ mode, options }, report) => {
      if (mode === 'yes_no') {
        return;
      }
      const patients = options.map((option) => {
        const origin = originOf(option);
        const counts = option.label === 0 && !madeFromAnother.has(option.kind ?? '');
        return counts && origin !== undefined ? patientNamed(origin) : undefined;
      });
      forEachRepeat(
        patients,
        (a, b) => a === b,
        (index, first) => {
          const patient = patients[index] ?? '';
          report(['options', index], { first: first + 1, option: index + 1, patient });
        },
      );
    }),
  },
  {
    code: 'MCQ210',
    name: 'equal-labels',
    severity: 'info',
    title: 'Distractor shows the same findings',
    explain:
      'The labels table says that the scan of this distractor shows exactly the findings of the question’s own scan: its report may be as true of the image as the true one.',
    template: 'Option {option} comes from a scan with the same findings: {findings}.',
    remedy: 'Take a report that differs in at least one finding.',
    needs: 'labels',
    checkLine: onRecord((record, report, { surroundings }) => {
      if (record.mode === 'yes_no') {
        return;
      }
      const own = ownLabels(record) ?? surroundings.labelsOf(record.image_path);
      if (own === undefined) {
        return;
      }
      record.options.forEach((option, index) => {
        const origin = option.label === 0 ? originOf(option) : undefined;
        const theirs = origin === undefined ? undefined : surroundings.labelsOf(origin);
        if (theirs !== undefined && isSameSet(own, theirs)) {
          const findings = own.length === 0 ? 'none' : [...own].sort().join(', ');
          report(['options', index], { option: index + 1, findings });
        }
      });
    }),
  },
  {
    code: 'MCQ212',
    name: 'languages-differ',
    severity: 'warning',
    title: 'Options in different languages',
    explain:
      'A model learns to tell the languages apart in place of reading the image; the true option may be the only one in its language.',
    template: 'Option {option} is in {language}, option {first} in {other}.',
    remedy: 'Give all options of a question in one language.',
    needs: 'reports',
    checkLine: onRecord(({ options }, report, { textProfiles }) => {
      const first = textProfiles.findIndex((profile) => profile?.language !== undefined);
      const other = textProfiles[first]?.language;
      textProfiles.forEach((profile, index) => {
        const language = profile?.language;
        if (language !== undefined && other !== undefined && language !== other) {
          const values = { option: index + 1, language, first: first + 1, other };
          report(['options', index, fieldOf(options[index])], values);
        }
      });
    }),
  },
]);

/**
 * What share of their word pairs two options have in common; 0 where an estimate says that it is
 * little, and for equal texts, which are another rule's.
 */
function sharedPairs(
  line: QuestionLine,
  [first, profile]: readonly [number, TextProfile],
  [second, other]: readonly [number, TextProfile],
): number {
  if (estimatedLikeness(profile, other) < nearlyEqual - estimateSlack) {
    return 0;
  }
  const [a, b] = [line.textOf(first) ?? '', line.textOf(second) ?? ''];
  return saySame(a, b) ? 0 : likeness(a, b);
}

function fieldOf({ text }: McqOption): 'text' | 'ref' {
  return text === undefined ? 'ref' : 'text';
}

/** Like {@link saySame}, but "< 5 mm" is not "> 5 mm"; empty options are another rule's. */
function sayTheSame(a: string, b: string): boolean {
  return saySame(a, b) && letterOrDigit.test(a) && signsOf(a) === signsOf(b);
}

/** What compares or signs; a hyphen does only at the end ("Babinski -"). */
function signsOf(text: string): string {
  return (text.match(/[<>≤≥±+]|[-−]\s*$/gu) ?? []).map((sign) => sign.trim()).join('');
}

function ownLabels({ labels }: McqRecord): readonly string[] | undefined {
  return labels && Object.keys(labels).filter((name) => labels[name] === 1);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}
