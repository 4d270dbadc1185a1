import { cutEnd, cutPath, padEnd, padStart } from '../../store/cells.ts';
import { formatAge, formatBytes, formatCount, formatCountOf, formatElapsed } from '../../store/format.ts';
import { beside, type Line, spread, toned } from '../../store/line.ts';
import type { AppState, Elsewhere } from '../../store/state.ts';

/** drawElsewhere draws what builds of others do on this GOCACHE, as far as it can be seen from there. */
export function drawElsewhere(state: AppState, width: number, height: number): readonly Line[] {
  const { elsewhere } = state;
  if (elsewhere.compiledCount === 0 && elsewhere.links.length === 0 && elsewhere.running.length === 0) {
    return [
      ['no build was started here: gocachetop -- go build ./...'],
      [toned('builds in other terminals on this GOCACHE show up here', 'quiet')],
    ];
  }
  const head = [sums(elsewhere), ...runningLines(state, width), []];
  const room = Math.max(0, height - head.length);
  if (width < 90) {
    const compiling =
      elsewhere.compiling.length === 0 ? [] : [...compilingBlock(state, width, Math.ceil(room / 2)), []];
    return [...head, ...compiling, ...compiledBlock(state, width, room - compiling.length)];
  }
  const third = Math.floor((width - 6) / 3);
  const blocks = [
    compilingBlock(state, third, room),
    compiledBlock(state, width - 2 * third - 6, room),
    linkBlock(state, third, room),
  ];
  const widths = [third, width - 2 * third - 6, third];
  return [
    ...head,
    ...beside(
      blocks.map((lines, index) => ({ width: widths[index] ?? third, lines })),
      3,
    ),
  ];
}

function sums({ compiledCount, links, unreadable }: Elsewhere): Line {
  const known = links.reduce((sum, { hits }) => sum + hits, 0);
  return [
    `${formatCount(compiledCount)} compiled elsewhere`,
    // A hit writes nothing: only a link tells which files it took from GOCACHE.
    links.length === 0
      ? toned(', hits unknown: no link was seen', 'quiet')
      : `, ${formatCountOf(known, 'hit')} in ${formatCountOf(links.length, 'link')}`,
    ...(unreadable > 0
      ? [toned(`, ${formatCountOf(unreadable, 'build')} of other users not readable`, 'quiet')]
      : []),
  ];
}

// More builds at once than this push what they compile off the pane.
const shownBuilds = 3;

function runningLines({ elsewhere, now }: AppState, width: number): readonly Line[] {
  return elsewhere.running.slice(-shownBuilds).map(({ command, directory, work, at }): Line => {
    const what = command.length > 0 ? command.join(' ') : work;
    return spread(
      [cutEnd(`${what}   ${directory ?? ''}`, width - 10)],
      [formatElapsed(Math.max(0, now - at))],
      width,
    );
  });
}

function compilingBlock({ elsewhere, now }: AppState, width: number, height: number): readonly Line[] {
  return [
    spread([toned('compiling now', 'quiet')], [toned('for', 'quiet')], width),
    ...elsewhere.compiling.map(({ importPath, startedAt }): Line => {
      const right = padStart(formatElapsed(Math.max(0, now - startedAt)), 8);
      return [padEnd(cutPath(importPath, width - 9), width - 8), right];
    }),
  ].slice(0, height);
}

function compiledBlock({ elsewhere, now, screen }: AppState, width: number, height: number): readonly Line[] {
  return [
    spread([toned('  just compiled', 'quiet')], [toned('wrote     ago', 'quiet')], width),
    ...elsewhere.compiled.map(({ importPath, bytes, at }): Line => {
      const right = `${padStart(formatBytes(bytes, screen.sizes), 9)}${padStart(formatAge(now - at), 8)}`;
      const room = width - right.length - 2;
      return ['+ ', padEnd(cutPath(importPath, room), room), right];
    }),
  ].slice(0, height);
}

function linkBlock({ elsewhere }: AppState, width: number, height: number): readonly Line[] {
  return [
    spread([toned('linked', 'quiet')], [toned('hit   miss', 'quiet')], width),
    ...elsewhere.links.map(({ program, hits, misses }): Line => {
      const right = `${padStart(formatCount(hits), 7)}${padStart(formatCount(misses), 7)}`;
      const room = width - right.length;
      return [padEnd(cutPath(program, room - 1), room), right];
    }),
  ].slice(0, height);
}
