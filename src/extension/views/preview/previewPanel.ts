import { basename } from 'node:path';
import * as vscode from 'vscode';
import { messageOf, UserError } from '../../../core/errors';
import { previewMemory, readMemento } from './remembered';
import type { HeaderDescription } from '../../../core/volume/headerDescription';
import type { Rescale } from '../../../core/volume/rescale';
import type { OpenVolume, VolumePieceAnswer } from '../../../protocol/messages';
import type {
  OverlayChoice,
  PreviewChoices,
  PreviewHost,
  PreviewPage,
  PreviewStart,
  PreviewVolume,
  VolumeSource,
  PatientPlace,
} from '../../../protocol/preview';
import type { Channel, Handlers } from '../../../protocol/webview';
import { askForVolume } from '../../commands/choose';
import { modelsFolder } from '../../commands/runs';
import { DisposableList } from '../../disposables';
import { isCancellation } from '../../failures';
import { localised, localisedJudgement } from '../../localised';
import { setRescale } from '../../rescale';
import type { Services } from '../../services';
import { onSettingChange, setting } from '../../settings';
import { onFileChange } from '../../watchFile';
import { connectPage, reachesPorts } from '../webviewPage';
import { localisedHeader } from './headerPageStrings';
import { HeatMaps } from './heatMaps';
import type { HeldPage } from './heldPages';
import { savePicture } from './savePicture';
import { previewStrings } from './previewStrings';
import { contextCalls, VolumeContextFeed, type ContextNews } from './volumeContext';
import { VolumeSession } from './volumeSession';

/** What a panel shows. */
export interface PanelContent {
  readonly title: string;
  /** One volume, or two side by side. */
  readonly files: readonly vscode.Uri[];
  /** Where the crosshair goes first. */
  readonly place?: PatientPlace;
}

/** One webview with the viewer of a volume, or of two that are linked. */
export class PreviewPanel {
  private readonly open = new DisposableList();
  private readonly sessions = new Map<string, VolumeSession>();
  private readonly overlays: vscode.Uri[] = [];
  private readonly heatMaps: HeatMaps;
  private readonly contexts: readonly VolumeContextFeed[];
  private readonly channel: Channel<PreviewHost, PreviewPage>;
  private readonly hold: HeldPage;

  constructor(
    private readonly services: Services,
    panel: vscode.WebviewPanel,
    private readonly content: PanelContent,
  ) {
    this.heatMaps = new HeatMaps(services);
    this.contexts = content.files.map((uri, file) =>
      this.open.add(new VolumeContextFeed(services, uri, this.contextNews(file))),
    );
    // Started before the page is there to ask.
    content.files.forEach((_, file) => {
      this.session({ kind: 'file', file })
        .open(false)
        .catch(() => undefined);
    });
    const given: PreviewStart = {
      volumes: content.files.length,
      settings: readMemento(services.memory),
    };
    const { channel, subscription } = connectPage<PreviewHost, PreviewPage>(
      panel.webview,
      services.extensionUri,
      'preview',
      { title: content.title, strings: previewStrings(), given },
      this.handlers(),
    );
    this.channel = channel;
    this.open.add(subscription);
    this.hold = this.open.add(services.heldPages.add(panel, channel));
    content.files.forEach((uri, file) => {
      this.open.add(
        services.places.follow(uri, (place) => {
          channel.notify('goTo', { place });
        }),
      );
      this.open.add(
        onFileChange(uri, () => {
          this.changed(file);
        }),
      );
    });
    this.open.add(
      onSettingChange(['rescale'], () => {
        content.files.forEach((_, file) => {
          this.changed(file);
        });
      }),
    );
    panel.onDidDispose(() => {
      channel.close();
      this.sessions.forEach((session) => {
        session.dispose();
      });
      this.open.dispose();
    });
  }

  private changed(file: number): void {
    this.channel.notify('changed', { file });
  }

  private handlers(): Handlers<PreviewHost> {
    const { log } = this.services;
    return {
      calls: {
        open: ({ source, again }) => this.logged(source, this.openVolume(source, again)),
        piece: ({ source }) => this.logged(source, this.piece(source)),
        stream: ({ source }) => this.logged(source, this.stream(source)),
        streamed: ({ source }, signal) => this.session(source).streamed(signal),
        slice: ({ source, ...address }, signal) =>
          this.logged(source, this.session(source).slice(address, signal)),
        header: ({ source }, signal) => this.logged(source, this.header(source, signal)),
        choices: (_, signal) => this.choices(signal),
        chooseOverlay: () => this.chooseOverlay(),
        explain: (request, signal) =>
          this.logged(
            { kind: 'file', file: request.file },
            this.heatMaps.explain(this.file(request.file), request, signal),
          ),
        compare: async ({ place }) => {
          const { showComparison } = await import('./comparison');
          const other = await askForVolume(vscode.l10n.t('Compare with which volume?'));
          showComparison(this.services, [this.file(0), other], place);
          return null;
        },
        savePicture: async ({ png, name }) => {
          await savePicture(this.file(0), name, png);
          return null;
        },
        setRescale: async ({ choice }) => {
          await setRescale(this.file(0), choice);
          return null;
        },
        ...contextCalls(this.services, (file) => this.contexts[file]),
        showLog: () => {
          log.show();
          return null;
        },
      },
      notices: {
        remember: (settings) => {
          void this.services.memory.update(previewMemory, settings);
        },
        place: (place) => {
          this.services.places.note(place);
        },
        holds: ({ bytes }) => {
          this.hold.bytes = bytes;
        },
        leave: ({ source }) => {
          this.sessions.get(keyOf(source))?.dispose();
          this.sessions.delete(keyOf(source));
        },
      },
    };
  }

  private contextNews(file: number): ContextNews {
    return {
      changed: (part) => {
        this.channel.notify('contextChanged', { file, part });
      },
      progress: (part, progress) => {
        this.channel.notify('contextProgress', { file, part, ...progress });
      },
      jumpTo: async (path) => {
        await this.services.places.openPreview(vscode.Uri.file(path));
      },
    };
  }

  private async openVolume(source: VolumeSource, again: boolean): Promise<PreviewVolume> {
    const { header, encoding, proxy } = await this.session(source).open(again);
    const uri = this.uriOf(source);
    return {
      header,
      encoding,
      ...(proxy && { proxy }),
      fileName: basename(uri.path),
      rescale: setting('rescale', uri),
      ...(this.content.place && { place: this.content.place }),
    };
  }

  private async piece(source: VolumeSource): Promise<VolumePieceAnswer> {
    const answer = await this.session(source).piece();
    return answer.kind === 'voxels'
      ? answer
      : { ...answer, hu: localisedJudgement(answer.hu), notes: answer.notes.map(localised) };
  }

  private async stream(source: VolumeSource): Promise<string | null> {
    if (!reachesPorts()) {
      return null;
    }
    try {
      const { port, token } = await this.session(source).stream();
      const local = vscode.Uri.parse(`http://127.0.0.1:${port}/${token}`);
      return (await vscode.env.asExternalUri(local)).toString(true);
    } catch (error) {
      if (error instanceof UserError || isCancellation(error)) {
        throw error;
      }
      // Messages are slower, and always there.
      this.session(source).stopStreaming();
      this.services.log.info(`Voxels go as messages: ${messageOf(error)}`);
      return null;
    }
  }

  private session(source: VolumeSource): VolumeSession {
    const key = keyOf(source);
    const existing = this.sessions.get(key);
    if (existing !== undefined) {
      return existing;
    }
    const created = new VolumeSession(this.services.workers, (signal) =>
      this.request(source, signal),
    );
    this.sessions.set(key, created);
    return created;
  }

  private async request(source: VolumeSource, signal: AbortSignal): Promise<OpenVolume> {
    const uri = this.uriOf(source);
    const path = pathOf(uri);
    const { workers } = this.services;
    if (source.kind === 'model') {
      const { preset } = source;
      const rescale = await this.rescaleOf(source.file, signal);
      const model = { preset, modelsFolder: modelsFolder(this.services) };
      return workers.request(
        'volume/openModelView',
        { path, rescale, packs: isFarAway(), ...model },
        { signal },
      );
    }
    // Labels are no HU: what their header says is what they are.
    const rescale: Rescale =
      source.kind === 'overlay' ? { kind: 'auto' } : await this.rescaleOf(source.file, signal);
    return workers.request('volume/open', { path, rescale, packs: isFarAway() }, { signal });
  }

  /** Slope and intercept as the workspace has them made. @throws UserError `rescale-unknown` */
  private async rescaleOf(file: number, signal: AbortSignal): Promise<Rescale> {
    const uri = this.file(file);
    const choice = setting('rescale', uri);
    if (choice !== 'csv') {
      return { kind: choice };
    }
    const { scan } = await this.contexts[file].readTables(signal);
    if (scan?.rescaleSlope === undefined || scan.rescaleIntercept === undefined) {
      throw new UserError(
        'rescale-unknown',
        vscode.l10n.t(
          'No table of this workspace lists slope and intercept of {0}.',
          basename(uri.path),
        ),
        vscode.l10n.t(
          'Add the metadata table to the workspace, or set ctMcqa.rescale to auto or none.',
        ),
      );
    }
    return { kind: 'csv', slope: scan.rescaleSlope, intercept: scan.rescaleIntercept };
  }

  private file(file: number): vscode.Uri {
    const { files } = this.content;
    return files[Math.min(file, files.length - 1)];
  }

  private uriOf(source: VolumeSource): vscode.Uri {
    return source.kind === 'overlay' ? this.overlays[source.overlay] : this.file(source.file);
  }

  private async header(source: VolumeSource, signal: AbortSignal): Promise<HeaderDescription> {
    const path = pathOf(this.uriOf(source));
    return localisedHeader(
      await this.services.workers.request('volume/header', { path }, { signal }),
    );
  }

  private async choices(signal: AbortSignal): Promise<PreviewChoices> {
    const folder = { modelsFolder: modelsFolder(this.services) };
    const presets = await this.services.workers.request('presets/list', folder, { signal });
    return { presets: presets.map(({ name, title }) => ({ name, title })) };
  }

  private async chooseOverlay(): Promise<OverlayChoice | null> {
    const chosen = await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Lay a mask, label or heat map volume over this one'),
      defaultUri: vscode.Uri.joinPath(this.file(0), '..'),
      filters: { NIfTI: ['nii', 'gz'] },
    });
    return chosen === undefined ? null : this.addOverlay(chosen[0]);
  }

  /** Makes a file known to the page. */
  private addOverlay(uri: vscode.Uri): OverlayChoice {
    const overlay = this.overlays.push(uri) - 1;
    return { overlay, fileName: basename(uri.path) };
  }

  private async logged<T>(source: VolumeSource, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!isCancellation(error)) {
        this.services.log.error(`${this.uriOf(source).fsPath}: ${messageOf(error)}`);
      }
      throw error;
    }
  }
}

function keyOf(source: VolumeSource): string {
  return JSON.stringify(source, Object.keys(source).sort());
}

/** Whether pages are in another process than this machine's editor: beyond a network, or a browser. */
function isFarAway(): boolean {
  return vscode.env.remoteName !== undefined || vscode.env.uiKind === vscode.UIKind.Web;
}

function pathOf(uri: vscode.Uri): string {
  if (uri.scheme !== 'file') {
    throw new UserError(
      'volume-not-on-disk',
      vscode.l10n.t('This volume is not a file on disk ({0}).', uri.scheme),
      vscode.l10n.t(
        'Open it from a folder of this machine, or of the remote machine that this window is connected to.',
      ),
    );
  }
  return uri.fsPath;
}
