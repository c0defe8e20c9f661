/**
 * The real VS Code window, as a test in the extension host can see and work it: every call goes to
 * the driver, which holds the browser. Selectors are Playwright's (CSS, `text=…`, `role=…`); actions
 * wait until their element is there and fail with Playwright's own words when it does not come.
 */
import { readFile } from 'node:fs/promises';
import {
  runnerVariable,
  type ActionName,
  type Actions,
  type ClickOptions,
  type Point,
  type RunnerOptions,
} from '../protocol';
import { decodePicture, type Picture } from './picture';

export type Truthy<Value> = Exclude<Value, undefined | null | false | 0 | ''>;

/** What can be done both in the workbench and in a webview. */
export interface DocumentDriver {
  click(selector: string, options?: ClickOptions): Promise<void>;
  doubleClick(selector: string): Promise<void>;
  rightClick(selector: string): Promise<void>;
  hover(selector: string, position?: Point): Promise<void>;
  /** Turns the mouse wheel over an element; positive is down. */
  wheel(selector: string, deltaY: number): Promise<void>;
  /** Sets the text of an input. */
  fill(selector: string, text: string): Promise<void>;
  /** Picks an option of a `<select>` by value or label. */
  select(selector: string, value: string): Promise<void>;
  waitFor(selector: string): Promise<void>;
  waitForGone(selector: string): Promise<void>;
  /** The rendered text of the first match. */
  text(selector: string): Promise<string>;
  /** How many elements match now, without waiting. */
  count(selector: string): Promise<number>;
  /** Runs `script` in the document; it sees its argument only, both ways JSON. */
  evaluate<Result, Argument = undefined>(
    script: (argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ): Promise<Result>;
  /** Repeats `evaluate` until it gives something truthy. */
  waitUntil<Result, Argument = undefined>(
    script: (argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ): Promise<Truthy<Result>>;
  /** Saves test/host/.work/screenshots/NAME.png and gives its pixels; `selector`: of one element. */
  screenshot(name: string, selector?: string): Promise<Picture>;
}

/** The workbench window. */
export const window = {
  ...driverOf(undefined),
  /** Types text where the focus is. */
  type: async (text: string): Promise<void> => {
    await act('type', { text });
  },
  /** Presses keys such as `Enter` or `Control+Shift+P` where the focus is, or in an element. */
  press: async (keys: string, selector?: string): Promise<void> => {
    await act('press', { keys, ...(selector !== undefined && { selector }) });
  },
  resize: async (width: number, height: number): Promise<void> => {
    await act('resize', { width, height });
  },
};

/** A visible webview by part of its document title or of its URL; waits until there is one. */
export function webview(titleOrUrlPart: string): DocumentDriver {
  return driverOf(titleOrUrlPart);
}

function driverOf(name: string | undefined): DocumentDriver {
  const target = name === undefined ? {} : { webview: name };
  const evaluate: DocumentDriver['evaluate'] = async <Result, Argument>(
    script: (argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ) => {
    const given = argument === undefined ? '' : JSON.stringify(argument);
    const call = `(${script.toString()})(${given})`;
    return (await act('evaluate', { ...target, script: call })) as Result;
  };
  return {
    click: async (selector, options) => {
      await act('click', { ...target, selector, ...options });
    },
    doubleClick: async (selector) => {
      await act('click', { ...target, selector, count: 2 });
    },
    rightClick: async (selector) => {
      await act('click', { ...target, selector, button: 'right' });
    },
    hover: async (selector, position) => {
      await act('hover', { ...target, selector, ...(position && { position }) });
    },
    wheel: async (selector, deltaY) => {
      await act('wheel', { ...target, selector, deltaY });
    },
    fill: async (selector, text) => {
      await act('fill', { ...target, selector, text });
    },
    select: async (selector, value) => {
      await act('select', { ...target, selector, value });
    },
    waitFor: async (selector) => {
      await act('waitFor', { ...target, selector });
    },
    waitForGone: async (selector) => {
      await act('waitFor', { ...target, selector, state: 'hidden' });
    },
    text: (selector) => act('text', { ...target, selector }),
    count: (selector) => act('count', { ...target, selector }),
    evaluate,
    waitUntil: (script, argument) =>
      until(() => evaluate(script, argument), `${name ?? 'workbench'}: ${script.toString()}`),
    screenshot: async (file, selector) => {
      const path = await act('screenshot', {
        ...target,
        name: file,
        ...(selector && { selector }),
      });
      return decodePicture(await readFile(path));
    },
  };
}

const untilDeadlineMs = 60_000;

/** Asks until the answer is truthy; for states that VS Code reaches without an event. */
export async function until<Answer>(
  ask: () => Answer | Promise<Answer>,
  what: string,
): Promise<Truthy<Answer>> {
  const deadline = performance.now() + untilDeadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer) {
      return answer as Truthy<Answer>;
    }
    if (performance.now() > deadline) {
      throw new Error(`This did not become true in ${untilDeadlineMs / 1000} s: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const runnerOptions = JSON.parse(process.env[runnerVariable] ?? '{}') as RunnerOptions;

/** Has the driver carry out one action. */
export async function act<Name extends ActionName>(
  name: Name,
  given: Actions[Name]['given'],
): Promise<Actions[Name]['result']> {
  const response = await fetch(runnerOptions.control + name, {
    method: 'POST',
    body: JSON.stringify(given),
  });
  const reply = (await response.json()) as { result: Actions[Name]['result']; error?: string };
  if (!response.ok) {
    throw new Error(`${name} ${JSON.stringify(given)}: ${reply.error ?? response.statusText}`);
  }
  return reply.result;
}
