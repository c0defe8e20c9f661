/** A browser page that shows the editor and makes it run the tests in its extension host. */
import { chromium, type Browser, type Page } from 'playwright-core';

export interface WorkbenchOptions {
  readonly browserPath: string;
  /** Whether frames follow each other as fast as they can be made, not at the pace of a screen. */
  readonly isUnpaced?: boolean;
  readonly authority: string;
  readonly workspace: string;
  /** Folders of extensions loaded from source. */
  readonly developmentExtensions: readonly string[];
  /** The script whose `run()` the extension host calls. */
  readonly testRunner: string;
  readonly onConsole: (line: string) => void;
  /** Called with the exit code of the extension host, which is 0 even after an abort. */
  readonly onExit: (code: number) => void;
}

const browserFlags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // What Chromium does by itself where there is no GPU: WebGL on the CPU, all else drawn without GL.
  '--use-angle=swiftshader-webgl',
  '--enable-unsafe-swiftshader',
];

const unpacedFlags = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];

export const windowSize = { width: 1440, height: 900 };

/** Opens the workbench; the extension host starts the tests by itself once it is up. */
export async function openWorkbench(
  options: WorkbenchOptions,
): Promise<{ browser: Browser; page: Page }> {
  const browser = await chromium.launch({
    executablePath: options.browserPath,
    args: options.isUnpaced === true ? [...browserFlags, ...unpacedFlags] : browserFlags,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  try {
    const page = await browser.newPage({ viewport: windowSize });
    // There for hangs: a machine with other work takes its time.
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => {
      options.onConsole(message.text());
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, parts: readonly unknown[]) => {
      options.onConsole(parts.join(' '));
    });
    await page.exposeFunction('codeAutomationExit', options.onExit);
    const uri = (path: string): object => ({
      $mid: 1,
      scheme: 'vscode-remote',
      authority: options.authority,
      path,
    });
    await page.addInitScript(addDevelopmentOptions, {
      extensions: options.developmentExtensions.map(uri),
      extensionTestsPath: uri(options.testRunner),
    });
    const folder = encodeURIComponent(options.workspace);
    await page.goto(`http://${options.authority}/?folder=${folder}`);
    return { browser, page };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/**
 * Runs in the page before anything else. The built workbench reads its configuration from an
 * attribute and knows no other way to be given development options.
 */
function addDevelopmentOptions(developmentOptions: object): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its element below
  const original = Element.prototype.getAttribute;
  Element.prototype.getAttribute = function (name: string): string | null {
    const value = original.call(this, name);
    if (this.id !== 'vscode-workbench-web-configuration' || name !== 'data-settings' || !value) {
      return value;
    }
    return JSON.stringify({ ...(JSON.parse(value) as object), developmentOptions });
  };
}
