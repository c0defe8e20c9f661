import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SkippedStep, TrainStep, ValidationStep } from '../../../core/run';
import type { RunFacts, RunHost, RunPage, RunSnapshot, RunStatus } from '../../../protocol/run';
import type { Channel } from '../../../protocol/webview';
import { DisposableList, type DisposableLike } from '../../disposables';
import { viewTypes } from '../../ids';
import type { Services } from '../../services';
import { onFileGrowth } from '../../watchFile';
import { connectPage, pageIcon } from '../webviewPage';
import { readRunFolder } from './readRun';
import { runStrings } from './runStrings';

/** A run page that follows a training under way. Telling it more after it was closed is harmless. */
export interface RunPageHandle {
  step(step: TrainStep): void;
  validation(step: ValidationStep): void;
  skipped(step: SkippedStep): void;
  /** How the run stands: what it is doing, and in the end how it ended. */
  status(status: RunStatus): void;
  /** Facts that became known meanwhile, such as the device that `auto` found. */
  facts(facts: Partial<RunFacts>): void;
}

/** The page of every run that has one, by run folder. */
const openPages = new Map<string, RunPanel>();

/** Opens the page of a training that begins; `cancel` is what its Cancel button does. */
export function openRunPage(
  services: Services,
  facts: RunFacts,
  cancel: () => void,
): RunPageHandle {
  openPages.get(facts.folder)?.dispose();
  const source = new LiveRun(facts, cancel);
  const panel = new RunPanel(services, facts, source);
  source.follow(panel);
  return source;
}

/**
 * Shows the page of a run folder: the one that follows it if it is being trained here, else what
 * its files say, read again as they change. Throws UserError `run-unreadable`.
 */
export async function showRunFolder(services: Services, folder: string): Promise<void> {
  const shown = openPages.get(folder);
  if (shown !== undefined) {
    shown.reveal();
    return;
  }
  const live = LiveRun.of(folder);
  if (live !== undefined) {
    live.follow(new RunPanel(services, live.snapshot().facts, live));
    return;
  }
  const { facts } = await readRunFolder(folder);
  const panel = new RunPanel(services, facts, {
    snapshot: () => readRunFolder(folder),
    cancel: () => undefined,
  });
  for (const file of ['run.json', 'metrics.jsonl']) {
    panel.add(
      onFileGrowth(join(folder, file), () => {
        panel.channel.notify('changed', null);
      }),
    );
  }
}

/** Where a page's content comes from. */
interface RunSource {
  snapshot(): RunSnapshot | Promise<RunSnapshot>;
  cancel(): void;
}

/** The panel of one run. */
class RunPanel {
  readonly channel: Channel<RunHost, RunPage>;
  private readonly panel: vscode.WebviewPanel;
  private readonly held = new DisposableList();

  constructor(services: Services, facts: RunFacts, source: RunSource) {
    this.panel = vscode.window.createWebviewPanel(
      viewTypes.run,
      vscode.l10n.t('Run {0}', facts.name),
      { viewColumn: vscode.ViewColumn.Active, preserveFocus: false },
    );
    this.panel.iconPath = pageIcon(services.extensionUri, 'run');
    const { channel, subscription } = connectPage<RunHost, RunPage>(
      this.panel.webview,
      services.extensionUri,
      'run',
      { title: this.panel.title, strings: runStrings() },
      {
        calls: {
          snapshot: () => source.snapshot(),
          cancel: () => {
            source.cancel();
            return null;
          },
          openFolder: async () => {
            await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(facts.folder));
            return null;
          },
        },
        notices: {},
      },
    );
    this.channel = channel;
    this.held.add(subscription);
    openPages.set(facts.folder, this);
    this.panel.onDidDispose(() => {
      if (openPages.get(facts.folder) === this) {
        openPages.delete(facts.folder);
      }
      channel.close();
      this.held.dispose();
    });
  }

  /** Holds `item` for as long as the panel is open. */
  add(item: DisposableLike): void {
    this.held.add(item);
  }

  reveal(): void {
    this.panel.reveal();
  }

  dispose(): void {
    this.panel.dispose();
  }
}

/** A training under way: keeps what it was told, so that its page can be closed and shown again. */
class LiveRun implements RunPageHandle, RunSource {
  private static readonly running = new Map<string, LiveRun>();

  private readonly steps: TrainStep[] = [];
  private readonly validations: ValidationStep[] = [];
  private readonly skippedSteps: SkippedStep[] = [];
  private currentStatus: RunStatus = { state: 'training' };
  private page: RunPanel | undefined;

  static of(folder: string): LiveRun | undefined {
    return LiveRun.running.get(folder);
  }

  constructor(
    private currentFacts: RunFacts,
    readonly cancel: () => void,
  ) {
    LiveRun.running.set(currentFacts.folder, this);
  }

  follow(page: RunPanel): void {
    this.page = page;
  }

  snapshot(): RunSnapshot {
    return {
      facts: this.currentFacts,
      status: this.currentStatus,
      steps: this.steps,
      validations: this.validations,
      skipped: this.skippedSteps,
      live: this.currentStatus.state === 'training',
    };
  }

  step(step: TrainStep): void {
    this.steps.push(step);
    this.page?.channel.notify('step', step);
  }

  validation(step: ValidationStep): void {
    this.validations.push(step);
    this.page?.channel.notify('validation', step);
  }

  skipped(step: SkippedStep): void {
    this.skippedSteps.push(step);
    this.page?.channel.notify('skipped', step);
  }

  status(status: RunStatus): void {
    this.currentStatus = status;
    if (status.state !== 'training' && LiveRun.running.get(this.currentFacts.folder) === this) {
      LiveRun.running.delete(this.currentFacts.folder);
    }
    this.page?.channel.notify('status', status);
  }

  facts(facts: Partial<RunFacts>): void {
    this.currentFacts = { ...this.currentFacts, ...facts };
    this.page?.channel.notify('facts', this.currentFacts);
  }
}
