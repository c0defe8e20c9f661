import * as vscode from 'vscode';
import { CancelledError, messageOf } from '../../../core/errors';
import type {
  CardContent,
  CardHost,
  CardMove,
  CardPage,
  CardPictures,
} from '../../../protocol/questionCard';
import type { Channel } from '../../../protocol/webview';
import { DisposableList } from '../../disposables';
import { viewTypes } from '../../ids';
import { imageOf } from '../../language/imageOf';
import { isQuestionDocument } from '../../language/questionFiles';
import { rescaleRequestOf } from '../../rescale';
import { OutcomeFinder } from '../../results/visibleOutcomes';
import type { Services } from '../../services';
import { answerNull } from '../answerNull';
import { connectPage, pageIcon } from '../webviewPage';
import { cardContent } from './cardContent';
import { PictureCache } from './cardPictures';
import { cardStrings } from './cardStrings';
import { findQuestion } from './findQuestion';
import { InOrder } from './inOrder';
import { activePlace, placeOf, putCursor, type QuestionPlace } from './questionPlace';

/** The cursor may cross many lines on its way: the card follows once it rests this long, ms. */
const restMs = 40;

/** There is one card; it follows the cursor through all question files. */
let openCard: QuestionCard | undefined;

/** Shows a question on the card, beside the editor; `services` make the card if there is none. */
export function showQuestionCard(services: Services, place: QuestionPlace): void {
  if (openCard === undefined) {
    openCard = new QuestionCard(services, place);
  } else {
    openCard.follow(place);
    openCard.reveal();
  }
}

/** Goes on from the question under the cursor, or from the card's where no editor has the focus. */
export function moveToQuestion(services: Services, move: CardMove): Promise<void> {
  return oneByOne(async () => {
    const place = activePlace() ?? openCard?.place;
    if (place !== undefined) {
      await moveFrom(new OutcomeFinder(services), place, move);
    }
  });
}

let lastMove: Promise<unknown> = Promise.resolve();

/** Moves wait for each other: a key pressed twice goes two questions on. */
function oneByOne(move: () => Promise<void>): Promise<void> {
  const moved = lastMove.then(move);
  lastMove = moved.catch(() => undefined);
  return moved;
}

/** Goes on from a place, and takes the card along at once: the next key may come before the cursor's news. */
async function moveFrom(
  finder: OutcomeFinder,
  { document, line }: QuestionPlace,
  move: CardMove,
): Promise<void> {
  const found = await findQuestion(finder, document, line, move);
  if (found !== undefined) {
    const place = { document, line: found };
    openCard?.follow(place);
    await putCursor(place, true);
  } else if (move === 'nextWrong' || move === 'previousWrong') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('No other question of this file was answered wrong by the run beside it.'),
    );
  }
}

/** The panel: follows the cursor, and what is known of the question under it. */
class QuestionCard {
  private readonly panel: vscode.WebviewPanel;
  private readonly channel: Channel<CardHost, CardPage>;
  private readonly finder: OutcomeFinder;
  private readonly held = new DisposableList();
  private readonly pictures: PictureCache;
  /** The image that is read ahead, and what ends that. */
  private ahead: { readonly path?: string; readonly end: AbortController };
  private timer: NodeJS.Timeout | undefined;
  private readonly contents = new InOrder();

  constructor(
    private readonly services: Services,
    public place: QuestionPlace,
  ) {
    this.finder = new OutcomeFinder(services);
    this.panel = vscode.window.createWebviewPanel(
      viewTypes.questionCard,
      vscode.l10n.t('Question Card'),
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableFindWidget: true },
    );
    this.panel.iconPath = pageIcon(services.extensionUri, 'questionCard');
    this.pictures = new PictureCache(services.workers);
    this.ahead = { end: new AbortController() };
    this.channel = this.connect();
    this.listen();
    this.panel.onDidDispose(() => {
      openCard = undefined;
      clearTimeout(this.timer);
      this.ahead.end.abort();
      this.channel.close();
      this.held.dispose();
    });
  }

  follow(place: QuestionPlace): void {
    this.place = place;
    this.refresh();
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  private connect(): Channel<CardHost, CardPage> {
    const { channel, subscription } = connectPage<CardHost, CardPage>(
      this.panel.webview,
      this.services.extensionUri,
      'questionCard',
      { title: this.panel.title, strings: cardStrings() },
      {
        calls: {
          content: () => this.content(),
          pictures: ({ found }, signal) => this.readPictures(found, signal),
          move: answerNull(this.services, ({ to }: { to: CardMove }) =>
            oneByOne(() => moveFrom(this.finder, this.place, to)),
          ),
          reveal: answerNull(this.services, () => putCursor(this.place, false)),
          openVolume: answerNull(this.services, () => this.openVolume()),
        },
        notices: {},
      },
    );
    this.held.add(subscription);
    return channel;
  }

  private listen(): void {
    const { documents, predictions } = this.services;
    const ofThis = (document: vscode.TextDocument): void => {
      if (document === this.place.document) {
        this.refresh();
      }
    };
    const followEditor = (editor: vscode.TextEditor | undefined): void => {
      if (editor !== undefined && isQuestionDocument(editor.document)) {
        this.follow(placeOf(editor));
      }
    };
    for (const subscription of [
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        followEditor(textEditor);
      }),
      vscode.window.onDidChangeActiveTextEditor(followEditor),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        ofThis(document);
      }),
      vscode.workspace.onDidCloseTextDocument(ofThis),
      predictions.onDidChange(({ document }) => {
        ofThis(document);
      }),
      documents.onDidChangeSurroundings(({ document }) => {
        ofThis(document);
      }),
    ]) {
      this.held.add(subscription);
    }
  }

  /** Shows the place anew, once the cursor rests. */
  private refresh(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { place } = this;
      void this.contents.show(this.content(), (content) => {
        if (place === this.place) {
          this.channel.notify('content', content);
        }
      });
    }, restMs);
  }

  private async content(): Promise<CardContent> {
    const { document, line } = this.place;
    if (document.isClosed) {
      return {
        state: 'none',
        message: vscode.l10n.t('The question file was closed.'),
        remedy: vscode.l10n.t('Open a question file: the card follows its cursor.'),
      };
    }
    try {
      const inside = Math.min(line, document.lineCount - 1);
      return await cardContent(this.services, this.finder, document, inside);
    } catch (error) {
      this.services.log.error(error instanceof Error ? error : String(error));
      return { state: 'none', message: messageOf(error), remedy: '' };
    }
  }

  /** The page may ask for the pictures of the question that is shown, and of no other file. */
  private async readPictures(path: string, signal: AbortSignal): Promise<CardPictures> {
    if ((await this.imageAt(this.place)) !== path) {
      throw new CancelledError(); // The cursor has gone on meanwhile.
    }
    if (this.ahead.path !== path) {
      this.ahead.end.abort();
    }
    const pictures = await this.picturesOf(path, this.place, signal);
    void this.readAhead();
    return pictures;
  }

  private async picturesOf(
    path: string,
    { document }: QuestionPlace,
    signal: AbortSignal,
  ): Promise<CardPictures> {
    const rescale = await rescaleRequestOf(document.uri, document.uri);
    return this.pictures.of(path, signal, rescale);
  }

  /** Reads the pictures of the next question while the user looks at this one's. */
  private async readAhead(): Promise<void> {
    const end = new AbortController();
    try {
      const { document, line } = this.place;
      const next = await findQuestion(this.finder, document, line, 'next');
      const path = next === undefined ? undefined : await this.imageAt({ document, line: next });
      if (path !== undefined) {
        this.ahead = { path, end };
        await this.picturesOf(path, this.place, end.signal);
      }
    } catch {
      // Whatever is wrong with them is told when they are asked for.
    }
  }

  private async imageAt({ document, line }: QuestionPlace): Promise<string | undefined> {
    const { record } = this.finder.parse(document.lineAt(line).text);
    return record && (await imageOf(this.services, document, record.image_path));
  }

  private async openVolume(): Promise<void> {
    const path = await this.imageAt(this.place);
    if (path !== undefined) {
      await this.services.places.openPreview(vscode.Uri.file(path), vscode.ViewColumn.One);
    }
  }
}
