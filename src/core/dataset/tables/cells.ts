/** What the cells of report, metadata and label tables say. */

/** CT-RATE writes `Not given.` into empty fields, and Python `nan`. */
export function given(text: string | undefined): string {
  const trimmed = text?.trim() ?? '';
  return /^(not given\.?|nan)$/i.test(trimmed) ? '' : trimmed;
}

/** DICOM's age string: `067Y`, `018M`, `003W`, `010D`; a bare number is years. */
export function wholeYears(text: string): number | undefined {
  const match = /^(\d{1,3})(?:\.\d+)?\s*([YMWD]?)$/i.exec(text.trim());
  if (match === null) {
    return undefined;
  }
  const perYear = { Y: 1, M: 12, W: 52, D: 365 }[match[2].toUpperCase()] ?? 1;
  return Math.floor(Number(match[1]) / perYear);
}

const sexWords: Readonly<Partial<Record<string, 'M' | 'F' | 'O'>>> = {
  m: 'M',
  male: 'M',
  f: 'F',
  female: 'F',
  o: 'O',
  other: 'O',
};

export function sexOf(text: string): 'M' | 'F' | 'O' | undefined {
  return sexWords[text.toLowerCase()];
}

/** `['Br40f', '3']`, as Python prints a list, becomes `Br40f/3`. */
export function kernelOf(text: string): string | undefined {
  const names = text.replace(/[[\]'"]/g, '').split(/[,\\]/);
  return (
    names
      .map((name) => name.trim())
      .filter(Boolean)
      .join('/') || undefined
  );
}

/** `[0.75, 0.75]`, mm. */
export function spacingPair(text: string): readonly [number, number] | undefined {
  const values = text
    .replace(/[[\]()]/g, '')
    .split(/[,\s\\]+/)
    .filter(Boolean);
  const [x, y] = values.map(positiveNumber);
  return values.length === 2 && x !== undefined && y !== undefined ? [x, y] : undefined;
}

export function finiteNumber(text: string): number | undefined {
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

export function positiveNumber(text: string): number | undefined {
  const value = finiteNumber(text);
  return value !== undefined && value > 0 ? value : undefined;
}

const labelWords: Readonly<Partial<Record<string, 0 | 1>>> = { true: 1, false: 0 };

/** A finding that is there (1) or not (0); undefined where the cell says neither. */
export function labelOf(text: string): 0 | 1 | undefined {
  const value = finiteNumber(text);
  return value === 0 || value === 1 ? value : labelWords[text.toLowerCase()];
}
