import { omittedFindings } from './lintPass';
import type { FileRule, LineRule } from './rule';
import { lintRules } from './rules';

/** Hundreds of the codes -> what the rules are about. */
const chapters: Readonly<Record<string, string>> = {
  0: 'Text',
  1: 'Record',
  2: 'Options',
  3: 'References',
  4: 'Images',
  5: 'The whole file',
  6: 'The whole set',
};

const introduction = `# Rules for question files

Every finding in the Problems view and of \`ct-mcqa lint\` carries the code of one of these rules. This page is made from the table of rules: \`npm run rules-page\`.

A rule is switched off, or given another severity, in the setting \`ctMcqa.lint.rules\`, or for one data set in its side file, by code or by name; the side file counts before the setting:

\`\`\`json
{ "version": 1, "lint": { "rules": { "MCQ205": "off", "image-missing": "error" }, "token_limit": 256 } }
\`\`\`

\`ct-mcqa lint --rules basic\` checks the basic rules alone, which need nothing but the file and take hardly longer than parsing it; \`--rules MCQ204,image-missing\` checks those named. It prints text, JSON or SARIF 2.1.0 (\`--format\`) and ends with 0 where no file has errors, 1 where one has, 2 where a file cannot be read.
`;

type AnyRule = LineRule | FileRule;

/** The page that explains every rule, in Markdown: docs/rules.md. */
export function rulesPage(): string {
  const parts = [introduction, listOf(lintRules)];
  let chapter = '';
  for (const rule of lintRules) {
    const next = chapters[rule.code.charAt(3)];
    if (next !== chapter) {
      chapter = next;
      parts.push(`## ${chapter}\n`);
    }
    parts.push(sectionOf(rule));
  }
  const { code, name, title, explain } = omittedFindings;
  parts.push(`### ${code}\n\n**${title}** (\`${name}\`, info)\n\n${explain}\n`);
  return parts.join('\n');
}

function listOf(rules: readonly AnyRule[]): string {
  const rows = rules.map((rule) => [
    `[${rule.code}](#${rule.code.toLowerCase()})`,
    `\`${rule.name}\``,
    rule.severity,
    rule.basic ? 'basic' : '',
    rule.fix === undefined ? '' : 'fix',
    rule.title,
  ]);
  return [['Code', 'Name', 'Severity', '', '', 'What'], ['-', '-', '-', '-', '-', '-'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}

function sectionOf(rule: AnyRule): string {
  const { code, name, severity, title, explain, template, remedy, fix } = rule;
  const traits = [
    `\`${name}\``,
    severity,
    ...(rule.basic ? ['basic'] : []),
    ...(rule.blocksReading ? ['stops reading'] : []),
    ...('notWhileTyping' in rule ? ['not while typing'] : []),
  ];
  const lines = [
    `### ${code}`,
    `**${title}** (${traits.join(', ')})`,
    explain,
    `- Message: ${asCode(template)}`,
    ...(remedy === undefined ? [] : [`- Remedy: ${remedy}`]),
    ...(fix === undefined ? [] : [`- Quick fix: ${asCode(fix)}`]),
  ];
  return `${lines.join('\n\n').replaceAll('\n\n- ', '\n- ').replace('\n- ', '\n\n- ')}\n`;
}

/** As code, with as many backticks around it as its own ask for. */
function asCode(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
