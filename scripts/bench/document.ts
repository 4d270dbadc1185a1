import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { type Figure, figureHeader, formatFigure } from './figure.ts';

/** Section is one row with what was measured of it, or why it was not. */
export type Section = {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly skipped: string | undefined;
};

/** formatDocument is docs/benchmarks.md: the figures, the command that gave them, and the machine in words. */
export function formatDocument(sections: readonly Section[], now: Date): string {
  const tables = sections.flatMap(formatSection);
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`: do not edit. What is compared is measured side by side in one run, in turn (A B, B A,',
    '...); a ratio is taken within each round, and the median of the rounds is shown. `ok` and `over` say how the figure',
    'stands to the limit that this project set itself. A figure without a limit explains the ones beside it.',
    '',
    `- ${describeMachine()}`,
    `- ${now.toISOString().slice(0, 10)}, \`npm run bench\``,
    '',
    ...tables,
  ].join('\n');
}

/** updateDocument puts sections that were measured again in the place of those of the same title. */
export function updateDocument(document: string, sections: readonly Section[]): string {
  return sections.reduce((text, section) => {
    const start = text.indexOf(`## ${section.title}\n`);
    if (start === -1) return `${text}\n${formatSection(section).join('\n')}`;
    const next = text.indexOf('\n## ', start);
    const end = next === -1 ? text.length : next + 1;
    return `${text.slice(0, start)}${formatSection(section).join('\n')}\n${text.slice(end)}`;
  }, document);
}

function formatSection({ name, title, figures, skipped }: Section): readonly string[] {
  return [
    `## ${title}`,
    '',
    `\`npm run bench -- ${name}\``,
    '',
    ...(skipped === undefined
      ? markdownTable(figures.map(formatFigure))
      : [`Not measured: ${skipped.split('\n', 1)[0]}`]),
    '',
  ];
}

/** formatTable is the same for a terminal. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = figureHeader.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function markdownTable(rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(figureHeader), line(figureHeader.map(() => '---')), ...rows.map(line)];
}

function describeMachine(): string {
  const go = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${process.platform} ${process.arch}, ${cpus().length} cores, ${gibibytes} GiB of memory, Node ${process.versions.node}, ${go}`;
}
