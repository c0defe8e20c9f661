import type { BuildOptions, BuildResult } from '../core/dataset/build';
import type { BuildPreview } from '../core/dataset/previewBuild';
import type { StageProgress } from './stageProgress';
import type { Call, Notice } from './webview';

/** What a user fills in; whether files are replaced he is asked when there are some. */
export type FieldName = Exclude<keyof BuildOptions, 'replace'>;

/** What is filled in so far. Paths are as the user writes them: absolute, or relative to the workspace. */
export type BuildForm = Partial<Pick<BuildOptions, FieldName>>;

/** Fields that name files or folders. */
export type PathField =
  'reports' | 'images' | 'metadata' | 'labels' | 'exclude' | 'embeddings' | 'out';

/** What the form says when it opens. */
export interface FormBeginning {
  readonly form: BuildForm;
  /** Where it is false nothing is read before the user asks for it. */
  readonly isTrusted: boolean;
}

/** How far a build or a preview is. */
export interface BuildProgress extends StageProgress {
  readonly of: 'build' | 'preview';
}

/** The host's side of the page that builds a data set. */
export interface BuildHost {
  readonly calls:
    | Call<'form', null, FormBeginning>
    | Call<'browse', { readonly field: PathField; readonly form: BuildForm }, readonly string[]>
    /** What goes with another reports table. */
    | Call<'suggest', { readonly reports: string }, BuildForm>
    | Call<'preview', BuildForm, BuildPreview>
    /** Fails with UserError `build-exists` where files hold a user's work and `replace` is false. */
    | Call<'build', { readonly form: BuildForm; readonly replace: boolean }, BuildResult>
    | Call<'open', { readonly path: string }, null>
    | Call<'saveTask', BuildForm, null>
    | Call<'copyCommand', BuildForm, null>;
  readonly notices: never;
}

/** The page's side. */
export interface BuildPage {
  readonly calls: never;
  readonly notices: Notice<'progress', BuildProgress>;
}

/** Words of the page, in the user's language; `{0}` are filled in by the page. */
export interface BuildStrings {
  readonly title: string;
  readonly sources: string;
  readonly questions: string;
  readonly output: string;
  readonly browse: string;
  readonly none: string;
  readonly labels: Readonly<Record<FieldName, string>>;
  /** A line of help under a field; not every field needs one. */
  readonly help: Readonly<Partial<Record<FieldName, string>>>;
  /** What a field holds that can be read, said where it holds something else. */
  readonly readable: Readonly<Partial<Record<FieldName, string>>>;
  /** The same of numbers, from {0} to {1}. */
  readonly readableNumber: string;
  readonly required: string;
  /** Words for the values of fields that are chosen from a list. */
  readonly choices: Readonly<Record<string, string>>;
  readonly preview: string;
  /** Why there is no preview yet in a workspace that is not trusted. */
  readonly previewUntrusted: string;
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
  readonly kinds: Readonly<Partial<Record<string, string>>>;
  readonly sexes: Readonly<Partial<Record<string, string>>>;
  readonly reference: string;
  readonly build: string;
  readonly building: string;
  readonly cancel: string;
  readonly replace: string;
  readonly saveTask: string;
  readonly copyCommand: string;
  readonly copied: string;
  readonly built: string;
}
