import type { BuildOptions, BuildResult } from '../core/dataset/build';
import type { BuildPreview } from '../core/dataset/previewBuild';
import type { SuggestedSources } from '../core/dataset/suggestSources';
import type { Call } from './webview';

/** What is filled in so far. Paths are as the user writes them: absolute, or relative to the workspace. */
export type BuildForm = Partial<BuildOptions>;

/** Fields that name files or folders. */
export type PathField =
  'reports' | 'images' | 'metadata' | 'labels' | 'exclude' | 'embeddings' | 'out';

/** The host's side of the page that builds a data set. */
export interface BuildHost {
  readonly calls:
    | Call<'form', null, BuildForm>
    | Call<'browse', { readonly field: PathField; readonly form: BuildForm }, readonly string[]>
    | Call<'suggest', { readonly reports: string }, SuggestedSources>
    | Call<'preview', BuildForm, BuildPreview>
    | Call<'build', BuildForm, BuildResult>
    | Call<'open', { readonly path: string }, null>
    | Call<'saveTask', BuildForm, null>
    | Call<'copyCommand', BuildForm, null>;
  readonly notices: never;
}

/** The page's side. */
export interface BuildPage {
  readonly calls: never;
  readonly notices: never;
}

/** Words of the page, in the user's language; `{0}` are filled in by the page. */
export interface BuildStrings {
  readonly title: string;
  readonly sources: string;
  readonly questions: string;
  readonly output: string;
  readonly browse: string;
  readonly none: string;
  readonly labels: Readonly<Record<keyof BuildOptions, string>>;
  /** A line of help under a field; not every field needs one. */
  readonly help: Readonly<Partial<Record<keyof BuildOptions, string>>>;
  /** Words for the values of fields that are chosen from a list. */
  readonly choices: Readonly<Record<string, string>>;
  readonly preview: string;
  readonly previewing: string;
  readonly previewEmpty: string;
  readonly counts: {
    readonly volumes: string;
    readonly patients: string;
    readonly images: string;
    readonly metadata: string;
    readonly labels: string;
    readonly questions: string;
    readonly about: string;
    readonly leftOut: string;
  };
  readonly trueOption: string;
  readonly reference: string;
  readonly build: string;
  readonly building: string;
  readonly cancel: string;
  readonly saveTask: string;
  readonly copyCommand: string;
  readonly copied: string;
  readonly built: string;
}
