import { Random } from '../../../random';
import { ChanceCount } from '../chance';
import type { PlacedLine } from '../questionLine';
import type { FileRule } from '../rule';
import { Sample } from '../sample';
import { tryTextOnly } from '../textOnlyBaseline';
import type { TextOnlyQuestion } from '../textOnlyBaseline';

/** Fewer questions than this give nothing away that a reader could rely on. */
const fewestQuestions = 20;
/** The text-only reader needs some questions to learn from, and learns no more from thousands. */
const fewestToLearn = 60;
const mostToLearn = 2000;
/** A language that fewer questions have is a slip, not a part of the file. */
const smallestShare = 0.01;

/** [CLS] and [SEP] around what a model reads. */
const marksAround = 2;

/** What shows only over the whole file; what gives the true option away by a test against chance. */
export const biasRules: readonly FileRule[] = Object.freeze<FileRule[]>([
  {
    code: 'MCQ211',
    name: 'option-cut',
    severity: 'info',
    title: 'Model does not read the end of options',
    explain:
      'Words, marks and ideographs are counted; a tokenizer only cuts them further, so an option that is counted is certainly cut. The limit is 512 tokens, or token_limit in the "lint" section of the side file: set it to maxTokens of your preset.',
    template:
      '{count} of {options} options have more than the {limit} tokens that the model reads; this one has at least {tokens}.',
    remedy: 'Use the mode "impression", or a preset that reads more.',
    needs: 'reports',
    start: () => {
      let first: { readonly line: PlacedLine; readonly index: number } | undefined;
      let count = 0;
      let options = 0;
      return {
        visit: (line) => {
          const { textProfiles, surroundings } = line.question;
          textProfiles.forEach((profile, index) => {
            options++;
            if (profile && profile.leastTokens + marksAround > surroundings.tokenLimit) {
              count++;
              first ??= { line, index };
            }
          });
        },
        finish: (report) => {
          if (first === undefined) {
            return;
          }
          const { line, index } = first;
          const { textProfiles, surroundings, record } = line.question;
          const tokens = (textProfiles[index]?.leastTokens ?? 0) + marksAround;
          const field = record?.options[index].text === undefined ? 'ref' : 'text';
          const values = { count, options, tokens, limit: surroundings.tokenLimit };
          report(line, ['options', index, field], values);
        },
      };
    },
  },
  {
    code: 'MCQ501',
    name: 'true-position',
    severity: 'warning',
    title: 'True option is too often in one place',
    explain:
      'Options should be shuffled: a model that has learnt the place needs no image. Reported where chance alone would put the true option there as often in one file of a thousand (Hoeffding’s bound, all places counted).',
    template:
      'Option {position} is the true one in {share} % of {questions} questions; chance is {chance} %.',
    remedy: 'Shuffle the options of each question.',
    start: () => {
      const places: ChanceCount[] = [];
      return {
        visit: ({ question: { truth, record } }) => {
          if (truth === undefined || record === undefined) {
            return;
          }
          const { length } = record.options;
          for (let place = 0; place < length; place++) {
            places[place] ??= new ChanceCount();
            places[place].add(place === truth ? 1 : 0, 1 / length);
          }
        },
        finish: (report) => {
          places.forEach((count, place) => {
            if (count.trials >= fewestQuestions && count.isRare(places.length)) {
              const values = { position: place + 1, questions: count.trials, ...count.percents };
              report(undefined, [], values);
            }
          });
        },
      };
    },
  },
  {
    code: 'MCQ502',
    name: 'true-length',
    severity: 'warning',
    title: 'True option is too often the longest or the shortest',
    explain:
      'Distractors that were written or generated are often shorter than real reports, and a model that counts words needs no image. Tested as true-position is.',
    template:
      'The true option is the {which} in {share} % of {questions} questions; chance is at most {chance} %.',
    remedy: 'Choose distractors of the length of the true report.',
    needs: 'reports',
    start: () => {
      const counts = { longest: new ChanceCount(), shortest: new ChanceCount() };
      return {
        visit: ({ question }) => {
          const { truth, textProfiles } = question;
          if (truth === undefined || textProfiles.some((profile) => profile === undefined)) {
            return;
          }
          const lengths = textProfiles.map((profile) => profile?.length ?? 0);
          const others = lengths.filter((_, index) => index !== truth);
          const own = lengths[truth];
          const chance = 1 / lengths.length;
          counts.longest.add(others.every((length) => length < own) ? 1 : 0, chance);
          counts.shortest.add(others.every((length) => length > own) ? 1 : 0, chance);
        },
        finish: (report) => {
          for (const [which, count] of Object.entries(counts)) {
            if (count.trials >= fewestQuestions && count.isRare(2)) {
              report(undefined, [], { which, questions: count.trials, ...count.percents });
            }
          }
        },
      };
    },
  },
  {
    code: 'MCQ503',
    name: 'text-only-shortcut',
    severity: 'warning',
    title: 'Questions can be answered without the image',
    explain:
      'A reader that sees only the words and lengths of the options (naive Bayes, learnt on one half of up to 2,000 questions drawn by a fixed seed, tried on the other half) does better than chance: distractors are of another kind than true reports, or some texts are nearly always distractors. A model will find that shortcut too, and its scores will say nothing of images.',
    template:
      'A reader without the image answers {share} % of {questions} questions; chance is {chance} %.',
    remedy: 'Choose distractors as the true reports are chosen, and each report about as often.',
    needs: 'reports',
    notWhileTyping: true,
    start: () => {
      const sample = new Sample<TextOnlyQuestion>(mostToLearn, Random.fromSeed(0, 'text only'));
      return {
        visit: ({ question }) => {
          const { truth, record } = question;
          if (truth === undefined || record === undefined) {
            return;
          }
          sample.offer(() => ({
            texts: record.options.map((_, index) => question.textOf(index) ?? ''),
            truth,
          }));
        },
        finish: (report) => {
          const count = tryTextOnly(sample.all.length < fewestToLearn ? [] : sample.all);
          if (count.isRare()) {
            report(undefined, [], { questions: count.trials, ...count.percents });
          }
        },
      };
    },
  },
  {
    code: 'MCQ504',
    name: 'languages-mixed',
    severity: 'info',
    title: 'Questions in different languages',
    explain:
      'The language of a question is that of its true option. Text towers and tokenizers are made for one language; the questions in another are noise to them.',
    template: '{count} questions are in {language}, {most} in {usual}; this is the first of them.',
    remedy: 'Keep a file for each language.',
    needs: 'reports',
    start: () => {
      const found = new Map<string, { count: number; readonly first: PlacedLine }>();
      return {
        visit: (line) => {
          const { truth, textProfiles } = line.question;
          const language = textProfiles[truth ?? -1]?.language;
          if (language !== undefined) {
            const entry = found.get(language) ?? { count: 0, first: line };
            entry.count++;
            found.set(language, entry);
          }
        },
        finish: (report) => {
          const [most, ...fewer] = [...found].sort(([, a], [, b]) => b.count - a.count);
          for (const [language, { count, first }] of fewer) {
            if (count >= smallestShare * most[1].count) {
              const values = { count, language, most: most[1].count, usual: most[0] };
              report(first, [], values);
            }
          }
        },
      };
    },
  },
]);
