import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../../..');

/** TypeScript files below a folder of the project, parsed. */
export function* sources(folder: string): Generator<ts.SourceFile> {
  for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    if (entry.endsWith('.ts')) {
      const path = join(root, folder, entry);
      yield ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    }
  }
}

/** Every node of a file. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) {
    yield* nodesOf(child);
  }
}

/** First arguments of all `l10n.t(…)` below src/extension: literals, and the source of those that are none. */
export function localisedStrings(): { literals: Set<string>; computed: string[] } {
  const literals = new Set<string>();
  const computed: string[] = [];
  for (const file of sources('src/extension')) {
    for (const node of nodesOf(file)) {
      if (ts.isCallExpression(node) && /\bl10n\.t$/.test(node.expression.getText())) {
        const text = node.arguments[0];
        if (ts.isStringLiteralLike(text)) {
          literals.add(text.text);
        } else {
          computed.push(text.getText());
        }
      }
    }
  }
  return { literals, computed };
}

/** Literal values of a property, such as every `stage: '…'`, below some folders. */
export function propertyStrings(property: string, folders: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const folder of folders) {
    for (const file of sources(folder)) {
      for (const node of nodesOf(file)) {
        if (
          ts.isPropertyAssignment(node) &&
          node.name.getText() === property &&
          ts.isStringLiteralLike(node.initializer)
        ) {
          found.add(node.initializer.text);
        }
      }
    }
  }
  return found;
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

/** What long work may say it does: "Reading volumes"; found by its form, wherever it stands. */
export function progressStages(folders: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const folder of folders) {
    for (const file of sources(folder)) {
      for (const node of nodesOf(file)) {
        if (
          ts.isStringLiteralLike(node) &&
          (ts.isCallExpression(node.parent) || ts.isPropertyAssignment(node.parent)) &&
          /^[A-Z][a-z]+ing( [a-z]+){0,3}$/.test(node.text)
        ) {
          found.add(node.text);
        }
      }
    }
  }
  return found;
}

/**
 * Why the builder leaves volumes out: values of `reason:`, literals that `skip(…)` is called with, and
 * what functions named `…Reason` return. What is none of these is given as its source.
 */
export function skipReasons(folder: string): { reasons: Set<string>; computed: string[] } {
  const reasons = propertyStrings('reason', [folder]);
  const computed: string[] = [];
  const note = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) {
      reasons.add(node.text);
    } else if (ts.isConditionalExpression(node)) {
      note(node.whenTrue);
      note(node.whenFalse);
    } else if (!(ts.isCallExpression(node) && node.expression.getText().endsWith('Reason'))) {
      computed.push(node.getText());
    }
  };
  for (const file of sources(folder)) {
    for (const node of nodesOf(file)) {
      if (ts.isCallExpression(node) && node.expression.getText() === 'skip') {
        note(node.arguments[0]);
      } else if (ts.isReturnStatement(node) && functionAround(node).endsWith('Reason')) {
        note(node.expression ?? node);
      }
    }
  }
  return { reasons, computed };
}

function functionAround(node: ts.Node): string {
  const around = ts.findAncestor(node, ts.isFunctionDeclaration);
  return around?.name?.text ?? '';
}

/** Values of the literal constants of a file whose names fit. */
export function constantsNamed(name: RegExp, path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return [...nodesOf(file)].flatMap((node) =>
    ts.isVariableDeclaration(node) &&
    name.test(node.name.getText()) &&
    node.initializer !== undefined &&
    ts.isStringLiteralLike(node.initializer)
      ? [node.initializer.text]
      : [],
  );
}

/**
 * Templates of all `sentence` tags below a folder and the texts that a `new UserError(…)` is given as
 * they are; of what is neither, the source.
 */
export function toldSentences(folder: string): { texts: Set<string>; computed: string[] } {
  const texts = new Set<string>();
  const computed: string[] = [];
  for (const file of sources(folder)) {
    for (const node of nodesOf(file)) {
      if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'sentence') {
        texts.add(templateText(node.template));
      } else if (ts.isNewExpression(node) && node.expression.getText() === 'UserError') {
        for (const told of [...(node.arguments ?? [])].slice(1, 3)) {
          if (ts.isStringLiteralLike(told)) {
            texts.add(told.text);
          } else if (!ts.isTaggedTemplateExpression(told)) {
            computed.push(told.getText());
          }
        }
      }
    }
  }
  return { texts, computed };
}

/** A template with its places numbered, as `sentence` makes it. */
function templateText(template: ts.TemplateLiteral): string {
  return ts.isNoSubstitutionTemplateLiteral(template)
    ? template.text
    : template.templateSpans.reduce(
        (text, { literal }, place) => `${text}{${place}}${literal.text}`,
        template.head.text,
      );
}
