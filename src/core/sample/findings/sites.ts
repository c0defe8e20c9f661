import { lobeNames, lobes } from '../anatomy/lungs';
import type { Lobe, Side } from '../anatomy/lungs';
import type { Site } from './kind';

export interface SidedSite extends Site {
  readonly sides: readonly Side[];
}

/** Right, left, or both. */
export const sidedSites: readonly SidedSite[] = [
  { words: 'right', sides: ['right'] },
  { words: 'left', sides: ['left'] },
  { words: 'bilateral', sides: ['right', 'left'] },
];

export interface LobeSite extends Site {
  readonly side: Side;
  readonly lobe: Lobe;
}

export const lobeSites: readonly LobeSite[] = lobeNames.map((lobe) => ({
  words: lobe,
  side: lobes[lobe].side,
  lobe,
}));

/** For findings that have but one place. */
export const onlySite: readonly Site[] = [{ words: '' }];
