import type * as vscode from 'vscode';
import type { DisposableList } from './disposables';
import type { LintService } from './language/lintService';
import type { OpenQuestionFiles } from './language/openQuestionFiles';
import type { PredictionStore } from './results/predictionStore';
import type { HeldPages } from './views/preview/heldPages';
import type { PreviewPlaces } from './views/preview/places';
import type { WorkerPool } from './workers';

/** What activation builds once and every part of the extension is handed. */
export interface Services {
  /** Where dist/, media/ and models/ stand. */
  readonly extensionUri: vscode.Uri;
  /** What lives as long as the window; disposed on deactivation. */
  readonly disposables: DisposableList;
  /** The output channel "CT MCQA". */
  readonly log: vscode.LogOutputChannel;
  /** Remembers a user's last choices in this workspace. */
  readonly memory: vscode.Memento;
  /** The child processes that read volumes and run models. */
  readonly workers: WorkerPool;
  /** Question files that are open in the editor. */
  readonly documents: OpenQuestionFiles;
  /** Findings of question files, shown in the Problems view. */
  readonly lint: LintService;
  /** Predictions that stand beside question files. */
  readonly predictions: PredictionStore;
  /** Previews that are open, and the memory of those out of sight. */
  readonly heldPages: HeldPages;
  /** Where in the patient previews are looked at. */
  readonly places: PreviewPlaces;
}
