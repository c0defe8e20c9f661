/** Keeps Playwright from watching a page's WebSockets, which costs more than what they carry. */
import type { Page } from 'playwright-core';

/** What is used of Playwright's insides. */
interface Inside {
  readonly delegate: {
    readonly _mainFrameSession: {
      readonly _client: { send(method: 'Network.disable'): Promise<unknown> };
    };
  };
}

interface Outside {
  readonly _connection: { toImpl(page: object): Inside };
}

/**
 * Playwright has Chromium report all network traffic of a page. Every frame of the WebSocket between
 * the workbench and its server is then copied, written as base64 and sent to this process: bytes of
 * a volume would mostly pay for being watched. Nothing public turns it off.
 */
export async function quietNetwork(page: Page): Promise<void> {
  const { _connection: connection } = page as Page & Outside;
  await connection.toImpl(page).delegate._mainFrameSession._client.send('Network.disable');
}
