/** The loopback server through which tests in the extension host look at and work the window. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Page } from 'playwright-core';
import type { ActionName, Actions } from '../protocol';
import { documentOf, type Surface } from './webviews';

export interface ControlOptions {
  /** Where screenshots go. */
  readonly screenshots: string;
  readonly onReport: (line: string) => void;
}

export interface Control {
  readonly url: string;
  /** The page that actions work on; set once it is open. */
  page: Page | undefined;
  close(): void;
}

type Handlers = {
  readonly [Name in ActionName]: (
    given: Actions[Name]['given'],
  ) => Promise<Actions[Name]['result']>;
};

export async function startControl(options: ControlOptions): Promise<Control> {
  const secret = `/${randomUUID()}/`;
  const control: { page: Page | undefined } = { page: undefined };
  const handlers = handlersOn(() => {
    if (control.page === undefined) {
      throw new Error('The workbench page is not open yet.');
    }
    return control.page;
  }, options);
  const server = createServer((request, response) => {
    void answer(request, response, secret, handlers);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(control, {
    url: `http://127.0.0.1:${port}${secret}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
}

function handlersOn(page: () => Page, options: ControlOptions): Handlers {
  const surface = (given: { webview?: string }): Promise<Surface> => documentOf(page(), given);
  const element = async (given: { webview?: string; selector: string }) =>
    (await surface(given)).locator(given.selector).first();
  return {
    click: async ({ count, button, position, modifiers, ...target }) => {
      await (
        await element(target)
      ).click({
        clickCount: count ?? 1,
        button: button ?? 'left',
        ...(position && { position }),
        ...(modifiers && { modifiers: [...modifiers] }),
      });
      return null;
    },
    hover: async ({ position, ...target }) => {
      await (await element(target)).hover(position && { position });
      return null;
    },
    fill: async ({ text, ...target }) => {
      await (await element(target)).fill(text);
      return null;
    },
    select: async ({ value, ...target }) => {
      await (await element(target)).selectOption(value);
      return null;
    },
    waitFor: async ({ state, ...target }) => {
      await (await element(target)).waitFor({ state: state ?? 'visible' });
      return null;
    },
    text: async (target) => (await element(target)).innerText(),
    count: async ({ selector, ...target }) => (await surface(target)).locator(selector).count(),
    evaluate: async ({ script, ...target }) => (await surface(target)).evaluate(script),
    wheel: async ({ deltaY, ...target }) => {
      await (await element(target)).hover();
      await page().mouse.wheel(0, deltaY);
      return null;
    },
    type: async ({ text }) => {
      await page().keyboard.type(text);
      return null;
    },
    press: async ({ keys, selector }) => {
      if (selector === undefined) {
        await page().keyboard.press(keys);
      } else {
        await page().locator(selector).first().press(keys);
      }
      return null;
    },
    screenshot: async ({ name, selector, ...target }) => {
      await mkdir(options.screenshots, { recursive: true });
      const path = join(options.screenshots, `${name}.png`);
      if (selector === undefined && target.webview === undefined) {
        await page().screenshot({ path });
      } else {
        await (await element({ ...target, selector: selector ?? 'html' })).screenshot({ path });
      }
      return path;
    },
    resize: async (size) => {
      await page().setViewportSize(size);
      return null;
    },
    report: ({ line }) => {
      options.onReport(line);
      return Promise.resolve(null);
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  handlers: Handlers,
): Promise<void> {
  const name = request.url?.startsWith(secret) ? request.url.slice(secret.length) : '';
  if (request.method !== 'POST' || !Object.hasOwn(handlers, name)) {
    response.writeHead(404).end();
    return;
  }
  const reply = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  try {
    const handler = handlers[name as ActionName] as (given: unknown) => Promise<unknown>;
    reply(200, { result: await handler(JSON.parse(await bodyOf(request))) });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    reply(500, { error: stripVTControlCharacters(words) });
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
