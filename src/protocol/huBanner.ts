import type { HuKind } from '../core/volume/hu';
import type { RescaleChoice } from '../core/volume/rescale';

/** The words of the banner that says what the values of a volume were recognised as. */
export interface HuBannerStrings {
  /** What it is, in a few words. */
  readonly kinds: Readonly<Record<Exclude<HuKind, 'hounsfield'>, string>>;
  /** {0}: the numbers that led to it. */
  readonly reason: string;
  /** What is applied now, where that is not what the file says. */
  readonly current: Readonly<Record<Exclude<RescaleChoice, 'auto'>, string>>;
  /** Buttons that choose slope and intercept for the workspace. */
  readonly fixes: Readonly<Record<RescaleChoice, string>>;
  /** Says to what the buttons apply. */
  readonly fixHint: string;
}
