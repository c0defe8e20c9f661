import type { Random } from '../../../src/core/random';

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const place = (bytes: Buffer, random: Random): number => random.index(bytes.length + 1);

const insert = (bytes: Buffer, at: number, what: Buffer | string): Buffer =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(what), bytes.subarray(at)]);

/** What happens to files on their way: each takes the bytes of a text file and gives damaged ones. */
export const mutations: Readonly<Record<string, Mutation>> = {
  cut: (bytes, random) => bytes.subarray(0, place(bytes, random)),
  'lost beginning': (bytes, random) => bytes.subarray(place(bytes, random)),
  'lost piece': (bytes, random) => {
    const at = place(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.index(60))]);
  },
  'flipped bits': (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let flips = 1 + random.index(4); flips > 0 && copy.length > 0; flips--) {
      copy[random.index(copy.length)] ^= 1 << random.index(8);
    }
    return copy;
  },
  'any bytes': (bytes, random) => {
    const noise = Buffer.from(Array.from({ length: random.index(20) }, () => random.index(256)));
    return insert(bytes, place(bytes, random), noise);
  },
  'huge line': (bytes, random) =>
    insert(bytes, place(bytes, random), random.pick(['x', '"', ',', ' ', '{"a":']).repeat(20_000)),
  'deep nesting': (bytes, random) =>
    insert(
      bytes,
      place(bytes, random),
      random.pick(['[', '{"a":', '"']).repeat(1 + random.index(3000)),
    ),
  'NUL bytes': (bytes, random) =>
    insert(bytes, place(bytes, random), Buffer.alloc(1 + random.index(50))),
  'UTF-16': (bytes, random) => {
    const wide = Buffer.from(bytes.toString('utf8'), 'utf16le');
    return random.chance(0.5) ? wide : Buffer.concat([Buffer.from([0xff, 0xfe]), wide]);
  },
  'Latin-1': (bytes) => Buffer.from(bytes.toString('utf8'), 'latin1'),
  'byte order mark': (bytes, random) =>
    insert(bytes, random.chance(0.7) ? 0 : place(bytes, random), '\uFEFF'),
  'other line ends': (bytes, random) =>
    Buffer.from(
      bytes.toString('latin1').replaceAll('\n', () => random.pick(['\n', '\r\n', '\r'])),
      'latin1',
    ),
  'a structure more': (bytes, random) =>
    insert(
      bytes,
      place(bytes, random),
      random.pick(['"', '{', '}', ',', '\\', '\n', '\r', '\u2028', 'null', '""']),
    ),
  'lines twice': (bytes, random) => Buffer.concat([bytes, bytes.subarray(place(bytes, random))]),
};

const names = Object.keys(mutations);

/** One to three mutations after another, and their names. */
export function mutated(bytes: Buffer, random: Random): { bytes: Buffer; how: string } {
  const chosen = Array.from({ length: 1 + random.index(3) }, () => random.pick(names));
  return {
    bytes: chosen.reduce((damaged, name) => mutations[name](damaged, random), bytes),
    how: chosen.join(', '),
  };
}
