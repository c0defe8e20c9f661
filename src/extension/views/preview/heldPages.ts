import type * as vscode from 'vscode';
import type { PreviewHost, PreviewPage } from '../../../protocol/preview';
import type { Channel } from '../../../protocol/webview';

/** Voxels that pages out of sight may hold together, bytes: six scans of 512 x 512 x 320. */
const hiddenBytes = 2 ** 30;

/** What a page is known to hold. */
export interface HeldPage {
  bytes: number;
  dispose(): void;
}

interface Entry {
  readonly channel: Pick<Channel<PreviewHost, PreviewPage>, 'notify'>;
  bytes: number;
  isVisible: boolean;
}

/**
 * The previews of a window. Their pages stay alive while they are hidden, so that going from one to
 * another costs nothing; the ones that were hidden first let their voxels go when all together hold
 * too many, and read them again when they are seen again.
 */
export class HeldPages {
  /** In the order that they were last seen in, the most recent last. */
  private readonly entries = new Set<Entry>();

  constructor(private readonly limit = hiddenBytes) {}

  add(
    panel: Pick<vscode.WebviewPanel, 'visible' | 'onDidChangeViewState'>,
    channel: Entry['channel'],
  ): HeldPage {
    const entry: Entry = { channel, bytes: 0, isVisible: panel.visible };
    this.entries.add(entry);
    const seen = panel.onDidChangeViewState(() => {
      if (panel.visible !== entry.isVisible) {
        entry.isVisible = panel.visible;
        this.entries.delete(entry);
        this.entries.add(entry);
        if (entry.isVisible) {
          channel.notify('shown', null);
        }
        this.makeRoom();
      }
    });
    const makeRoom = (): void => {
      this.makeRoom();
    };
    return {
      get bytes() {
        return entry.bytes;
      },
      set bytes(bytes) {
        entry.bytes = bytes;
        makeRoom();
      },
      dispose: () => {
        seen.dispose();
        this.entries.delete(entry);
      },
    };
  }

  private makeRoom(): void {
    const hidden = [...this.entries].filter(({ isVisible }) => !isVisible);
    let bytes = hidden.reduce((sum, entry) => sum + entry.bytes, 0);
    for (const entry of hidden) {
      if (bytes <= this.limit) {
        return;
      }
      if (entry.bytes > 0) {
        bytes -= entry.bytes;
        entry.bytes = 0;
        entry.channel.notify('letGo', null);
      }
    }
  }
}
