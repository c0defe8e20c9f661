import { basename } from 'node:path';
import * as vscode from 'vscode';
import { throwIfCancelled } from '../../../core/errors';
import type { HeatMap, HeatMapRequest, HeatMapStrings } from '../../../protocol/heatMap';
import { chooseRun, modelsFolder } from '../../commands/runs';
import { isCancellation } from '../../failures';
import { imageRootsOf } from '../../language/surroundings';
import { withProgress } from '../../longWork';
import type { Services } from '../../services';
import { setting } from '../../settings';
import { requireTrust } from '../../trust';

/** Asks models what in a volume speaks for an option; which run to ask is remembered. */
export class HeatMaps {
  private run: { readonly name: string; readonly folder: string } | undefined;

  constructor(private readonly services: Services) {}

  /**
   * The map, or null where the user thought better of it, or the page no longer waits for it.
   *
   * @throws UserError `workspace-untrusted`, `no-runs` and those of the worker's `explain`
   */
  async explain(
    volume: vscode.Uri,
    request: HeatMapRequest,
    signal: AbortSignal,
  ): Promise<HeatMap | null> {
    requireTrust();
    try {
      const known = request.anotherRun === true ? undefined : this.run;
      this.run = known ?? (await this.choose(volume));
      throwIfCancelled(signal);
      return await this.ask(volume, request, this.run, signal);
    } catch (error) {
      if (isCancellation(error)) {
        return null;
      }
      // Another run may know better.
      this.run = undefined;
      throw error;
    }
  }

  private choose(file: vscode.Uri): ReturnType<typeof chooseRun> {
    return chooseRun(this.services, {
      title: vscode.l10n.t('Which run shall tell what supports the option?'),
      file,
      readyOnly: true,
    });
  }

  private async ask(
    volume: vscode.Uri,
    { path, question, option, against, method }: HeatMapRequest,
    run: { readonly name: string; readonly folder: string },
    signal: AbortSignal,
  ): Promise<HeatMap | null> {
    const title = vscode.l10n.t('Heat map of {0}', basename(volume.fsPath));
    const found = await withProgress(title, (work) =>
      this.services.workers.request(
        'explain',
        {
          modelsFolder: modelsFolder(this.services),
          run: run.folder,
          volume: volume.fsPath,
          imageRoots: imageRootsOf(vscode.Uri.file(path)),
          device: setting('device', volume),
          texts: { kind: 'question', path, question },
          method,
          only: [option],
          ...(against !== undefined && { against }),
        },
        { ...work, signal: eitherSignal(signal, work.signal) },
      ),
    );
    const { map } = found.options[option];
    const [depth, height, width] = found.shape;
    return map === undefined
      ? null
      : {
          shape: [width, height, depth],
          affine: found.affine,
          values: new Float32Array(map),
          strongest: found.range[1],
          options: found.options.map(({ label, probability }) => ({ label, probability })),
          run: run.name,
        };
  }
}

function eitherSignal(page: AbortSignal, bar: AbortSignal | undefined): AbortSignal {
  return bar === undefined ? page : AbortSignal.any([page, bar]);
}

/** The words under a heat map in the language of the editor. */
export function heatMapStrings(): HeatMapStrings {
  const { l10n } = vscode;
  return {
    option: l10n.t('{0} ({1})'),
    supports: l10n.t('What supports option'),
    against: l10n.t('compared with'),
    allOthers: l10n.t('all others'),
    method: l10n.t('How the map is made'),
    methods: {
      gradient: l10n.t('Gradient'),
      integrated: l10n.t('Integrated gradients'),
      occlusion: l10n.t('Occlusion'),
    },
    run: l10n.t('Run {0}'),
    runHint: l10n.t('Ask another run'),
    working: l10n.t('Asking the model…'),
  };
}
