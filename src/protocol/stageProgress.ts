/** How far long work behind a page is: `done` of `total` units of a stage. */
export interface StageProgress {
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
}
