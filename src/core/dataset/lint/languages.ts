import { hashOfWord } from './wordHash';

/** Languages that reports come in, as far as they must be told apart. */
export type Language = keyof typeof stopWords | keyof typeof scripts;

/** Words that a text of some sentences in the language can hardly do without, and few others have. */
const stopWords = {
  English: 'the of and is are with no not was were in there within normal',
  Turkish:
    've bir ile her olarak izlenmedi izlendi izlenmiştir izlenmektedir mevcuttur sağ sol akciğer',
  German: 'der die und ist mit kein keine keinen beidseits nicht im des zeigt',
  French: 'le les et est pas avec une des du droit gauche sans',
  Spanish: 'el los las y con sin se en derecho izquierdo del una',
} as const;

/** First and last unit of the letters of other scripts. */
const scripts = {
  Greek: [0x370, 0x3ff],
  Russian: [0x400, 0x52f],
  Hebrew: [0x590, 0x5ff],
  Arabic: [0x600, 0x6ff],
  Thai: [0xe00, 0xe7f],
  Japanese: [0x3040, 0x30ff],
  Korean: [0xac00, 0xd7a3],
  Chinese: [0x4e00, 0x9fff],
} as const;

/** All of them, for translations. */
export const languages: readonly string[] = [...Object.keys(stopWords), ...Object.keys(scripts)];

const latinLanguages = Object.keys(stopWords) as (keyof typeof stopWords)[];
/** Bits that count the hits of one language in {@link stopWordCounts}: 63 at most. */
const bitsPerLanguage = 6;

/** Hash of a stop word -> a one in the bits of its language, to be added up. */
export const stopWordCounts: ReadonlyMap<number, number> = new Map(
  latinLanguages.flatMap((language, index) =>
    stopWords[language]
      .split(' ')
      .map((word) => [hashOfWord(word), 1 << (index * bitsPerLanguage)] as const),
  ),
);

/** The language with most hits, if it has at least three and twice as many as any other. */
export function latinLanguageOf(counts: number): Language | undefined {
  const ranked = latinLanguages
    .map((language, index) => ({ language, hits: (counts >> (index * bitsPerLanguage)) & 63 }))
    .sort((a, b) => b.hits - a.hits);
  const [best, second] = ranked;
  return best.hits >= 3 && best.hits >= 2 * second.hits ? best.language : undefined;
}

/** Letters from here on are of other scripts than Latin. */
export const firstOtherScript = scripts.Greek[0];

export function isIdeograph(unit: number): boolean {
  return unit >= scripts.Chinese[0] && unit <= scripts.Chinese[1];
}

/** The language of a letter that is neither Latin nor an ideograph. */
export function languageOfScript(unit: number): Language | undefined {
  return (Object.keys(scripts) as (keyof typeof scripts)[]).find(
    (name) => unit >= scripts[name][0] && unit <= scripts[name][1],
  );
}
