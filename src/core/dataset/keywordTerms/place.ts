/** Characters of a clause, from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A piece of a clause between commas and conjunctions. */
interface Piece extends Span {
  readonly text: string;
  readonly hasFinding: boolean;
  readonly hasPlace: boolean;
  /** Names the place before any finding: "right effusion", "in the right lung". */
  readonly leadsWithPlace: boolean;
  /** Says what goes with the piece before: "consolidation on the left with air bronchograms". */
  readonly isAddition: boolean;
}

/** Pieces that speak of the same place. */
interface Part {
  readonly pieces: Piece[];
}

const place =
  /\b(right|left|bilateral(ly)?|both|lingula\w*|(upper|middle|lower)(?! (abdom|o?esoph|mediast|pole|end|part))|lobes?)\b/;
const side = /\b(right|left|bilateral(ly)?|both \w+)\b/g;
const preposition = /^(in|on|at|within) /;
const separator = /,(?: and)? | and | as well as | with | accompanied by /g;
const addition = /with|accompanied/;

/**
 * For each finding of a clause the words that say where it is: "nodule in the right upper lobe and
 * emphysema in the left lower lobe" are two places, "nodules in the right upper and left lower
 * lobes" are one.
 *
 * @param findings the spans of all findings of the clause, also of those that it denies.
 */
export function placesIn(clause: string, findings: readonly Span[]): (finding: Span) => string {
  const parts = partsOf(piecesOf(clause, findings));
  return (finding) => {
    const index = parts.findIndex(({ pieces }) =>
      pieces.some(({ start, end }) => start < finding.end && finding.end <= end),
    );
    return index < 0 ? clause : wordsFor(parts, index);
  };
}

function piecesOf(clause: string, findings: readonly Span[]): Piece[] {
  const cuts = [...clause.matchAll(separator)].filter(
    ({ index }) => !findings.some(({ start, end }) => start <= index && index < end),
  );
  return [undefined, ...cuts].map((cut, number) => {
    const start = cut === undefined ? 0 : cut.index + cut[0].length;
    const end = cuts.at(number)?.index ?? clause.length;
    const text = clause.slice(start, end);
    const first = findings.find((each) => start < each.end && each.end <= end);
    const placed = place.exec(text)?.index;
    return {
      start,
      end,
      text,
      hasFinding: first !== undefined,
      hasPlace: placed !== undefined,
      leadsWithPlace: placed !== undefined && start + placed <= (first?.start ?? end),
      isAddition: cut !== undefined && addition.test(cut[0]),
    };
  });
}

function partsOf(pieces: readonly Piece[]): Part[] {
  const parts: Part[] = [];
  pieces.forEach((piece, index) => {
    const last = parts.at(-1);
    if (last === undefined || beginsPart(last, piece, pieces.at(index + 1))) {
      parts.push({ pieces: [piece] });
    } else {
      last.pieces.push(piece);
    }
  });
  return parts;
}

/** A part has its findings before another begins. */
function beginsPart({ pieces }: Part, piece: Piece, next: Piece | undefined): boolean {
  const isComplete = pieces.some(({ hasFinding }) => hasFinding);
  const leads = piece.hasPlace && next?.hasFinding === true && leadsOn(piece.text, next);
  return isComplete && (piece.hasFinding || leads);
}

/** "…, in the left lung, emphysema", "… and right and left effusion": a place of what comes next. */
function leadsOn(text: string, next: Piece): boolean {
  return next.hasPlace
    ? /^(right|left)$/.test(text)
    : preposition.test(text) && !preposition.test(next.text);
}

/** The words of a part, with those of another part whose place, or whose side, it shares. */
function wordsFor(parts: readonly Part[], index: number): string {
  const own = parts[index];
  const words = textOf(own);
  if (!hasPlace(own)) {
    return textOf(sharedWith(parts, index, hasPlace) ?? own);
  }
  // "Consolidation in the right upper lobe and atelectasis in the middle lobe."
  const other = hasSide(own) ? undefined : sharedWith(parts, index, hasSide);
  return other === undefined ? words : `${words} ${textOf(other).match(side)?.join(' ') ?? ''}`;
}

/** The part beside one that says where that one is, too. */
function sharedWith(
  parts: readonly Part[],
  index: number,
  fits: (part: Part) => boolean,
): Part | undefined {
  const earlier = parts.slice(0, index).findLast(fits);
  const later = parts.slice(index + 1).find(fits);
  // "In the right lung, nodules and consolidation", "consolidation on the left with bronchograms".
  const followsOn =
    earlier !== undefined && (parts[index].pieces[0].isAddition || placeComesFirst(earlier));
  // "Nodules and consolidation in the right lung", but not "nodules and right effusion".
  const leadsUp = later !== undefined && !placeComesFirst(later);
  return !followsOn && leadsUp ? later : earlier;
}

function hasPlace({ pieces }: Part): boolean {
  return pieces.some((piece) => piece.hasPlace);
}

function hasSide({ pieces }: Part): boolean {
  return pieces.some(({ text }) => text.search(side) >= 0);
}

function placeComesFirst({ pieces }: Part): boolean {
  return pieces[0].leadsWithPlace;
}

function textOf({ pieces }: Part): string {
  return pieces.map(({ text }) => text).join(' ');
}
