/** What passes between the driver (outside, holds the browser) and the tests (in the extension host). */

/** Which document an action works on: the workbench itself, or a webview in it. */
export interface Target {
  /** Part of the webview's document title or of its URL; absent: the workbench. */
  readonly webview?: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface ClickOptions {
  readonly button?: 'left' | 'right' | 'middle';
  readonly count?: 1 | 2;
  /** From the top left corner of the element, CSS pixels; absent: its centre. */
  readonly position?: Point;
  readonly modifiers?: readonly ('Alt' | 'Control' | 'Meta' | 'Shift')[];
}

type OnElement = Target & { readonly selector: string };

/** action -> what it is given and what it gives back. Selectors are Playwright's. */
export interface Actions {
  click: { given: OnElement & ClickOptions; result: null };
  hover: { given: OnElement & { readonly position?: Point }; result: null };
  fill: { given: OnElement & { readonly text: string }; result: null };
  select: { given: OnElement & { readonly value: string }; result: null };
  waitFor: {
    given: OnElement & { readonly state?: 'attached' | 'detached' | 'visible' | 'hidden' };
    result: null;
  };
  text: { given: OnElement; result: string };
  count: { given: OnElement; result: number };
  evaluate: { given: Target & { readonly script: string }; result: unknown };
  wheel: { given: OnElement & { readonly deltaY: number }; result: null };
  type: { given: { readonly text: string }; result: null };
  /** `selector`: in that element of the workbench, which is given the focus first. */
  press: { given: { readonly keys: string; readonly selector?: string }; result: null };
  /** Saves a picture and gives its path. `selector`: of that element alone. */
  screenshot: {
    given: Target & { readonly name: string; readonly selector?: string };
    result: string;
  };
  resize: { given: { readonly width: number; readonly height: number }; result: null };
  /** The runner tells how far it is; also its sign of life. */
  report: { given: { readonly line: string }; result: null };
}

export type ActionName = keyof Actions;

/** Passed to the runner as JSON in the environment variable of this name. */
export const runnerVariable = 'CT_MCQA_HOST_TESTS';

export interface RunnerOptions {
  /** Address of the driver's control server, with its secret path. */
  readonly control: string;
  readonly resultsFile: string;
  /** Bundled test files. */
  readonly files: readonly string[];
  readonly grep?: string;
  /** The packed extension, where it is what runs. */
  readonly vsix?: string;
  readonly timeoutMs: number;
}

export interface TestOutcome {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly ms: number;
  readonly error?: string;
}

/** Written by the runner when all tests have ended; nothing else counts as a pass. */
export interface Results {
  readonly outcomes: readonly TestOutcome[];
}
