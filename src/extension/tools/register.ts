import * as vscode from 'vscode';
import { toolNames } from '../ids';
import type { Services } from '../services';
import { InspectVolumeTool } from './inspectVolume';
import { ScoreReportsTool } from './scoreReports';
import { ValidateDatasetTool } from './validateDataset';

/** Offers the tools of package.json to language models. */
export function registerTools(services: Services): void {
  const { disposables } = services;
  disposables.add(vscode.lm.registerTool(toolNames.inspectVolume, new InspectVolumeTool(services)));
  disposables.add(
    vscode.lm.registerTool(toolNames.validateDataset, new ValidateDatasetTool(services)),
  );
  disposables.add(vscode.lm.registerTool(toolNames.scoreReports, new ScoreReportsTool(services)));
}
