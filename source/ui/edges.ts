import { cellWidth, cleanText, cutEnd, cutPath } from '../store/cells.ts';
import { selectDialog } from '../store/dialog.ts';
import type { Binding } from '../store/keys/binding.ts';
import { bindings } from '../store/keys/registry.ts';
import { focusedLevel } from '../store/levels.ts';
import { fitLine, type Line, type Span, spread, textOf, toned } from '../store/line.ts';
import { isTypingSetting } from '../store/probing-keys.ts';
import type { AppState } from '../store/state.ts';
import { runningTime, statusWords } from './panes/build-pane.ts';
import type { Look } from './theme.ts';

/**
 * drawTop draws the first line: what runs, for how long, where, with which go. How the command fares is always there:
 * the go version gives way first, then the folder, then the end of a long command.
 */
export function drawTop({ build, workspace, now }: AppState, width: number, look: Look): Line {
  const { cwd, goVersion, goos, goarch } = workspace;
  const platform = goos === undefined || goarch === undefined ? '' : ` ${goos}/${goarch}`;
  const go = goVersion === undefined ? '' : `${goVersion}${platform}`;
  const folder = cutPath(tilde(cwd, look.home), Math.floor(width / 3));
  const isNarrow = width < 60;
  if (build === undefined) {
    return isNarrow
      ? spread([toned(` ${folder}`, 'strong')], [goVersion ?? '', ' '], width)
      : spread([' gocachetop'], [toned(`${join(folder, go)} `, 'quiet')], width);
  }
  const command = build.command.join(' ');
  const status = statusWords(build);
  if (isNarrow) {
    const right: Line = [`${runningTime(build, now)} `, status, ' '];
    const room = width - cellWidth(textOf(right)) - 2;
    return spread([toned(` ${cutEnd(cleanText(command), room)}`, 'strong')], right, width);
  }
  const [name, fares]: readonly [Line, Line] = [
    [' gocachetop   '],
    [`   ${runningTime(build, now)}   `, status],
  ];
  const room = width - cellWidth(textOf([...name, ...fares])) - 1;
  const shown = cutEnd(cleanText(command), room);
  const left: Line = [...name, toned(shown, 'strong'), ...fares];
  const beside = [join(folder, go), folder, ''].find(
    (words) => cellWidth(`${words}    `) + cellWidth(shown) <= room,
  );
  return spread(left, beside ? [toned(`${beside} `, 'quiet')] : [], width);
}

function join(...words: readonly string[]): string {
  return words.filter((word) => word !== '').join('   ');
}

function tilde(path: string, home: string | undefined): string {
  if (home === undefined || home === '' || home === '/') return path;
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** drawNotice draws what the last key did, or else the newest problem. */
export function drawNotice({ screen, problems }: AppState, width: number): Line {
  if (screen.notice !== undefined) return fitLine([' ', toned(screen.notice, 'accent')], width);
  const problem = problems.at(-1);
  if (problem === undefined) return fitLine([], width);
  const { where, what, why, repair } = problem;
  const words = `${where}: ${what}: ${why}${repair === '' ? '' : ` (${repair})`}`.replace(/\s+/g, ' ');
  const more = problems.length === 1 ? '' : ` ${problems.length} problems`;
  return spread(
    [' ', toned(`! ${words}`, 'warning')],
    more === '' ? [] : [toned(`${more}: ! `, 'quiet')],
    width,
  );
}

/** drawKeys draws the last line: the keys of the focused pane, as many as there is room for, and those that always count. */
export function drawKeys(state: AppState, width: number): Line {
  const { dialog, help } = state.screen;
  const verb = selectDialog(state)?.input?.verb;
  if (verb !== undefined)
    return keyWords(
      [
        ['type', 'a text'],
        ['enter', verb],
        ['esc', 'stay'],
      ],
      width,
    );
  if (dialog !== undefined)
    return keyWords(
      [
        ['← →', 'choose'],
        ['enter', 'answer'],
        ['esc', 'stay'],
      ],
      width,
    );
  if (help !== undefined)
    return keyWords(
      [
        ['↓ ↑', 'scroll'],
        ['esc', 'close'],
      ],
      width,
    );
  if (isTypingSetting(state))
    return keyWords(
      [
        ['type', 'a value'],
        ['enter', 'keep'],
        ['esc', 'take back'],
      ],
      width,
    );
  if (focusedLevel(state).isFiltering) {
    return keyWords(
      [
        ['type', 'to filter'],
        ['enter', 'keep'],
        ['esc', 'clear'],
        ['↓ ↑', 'move'],
      ],
      width,
    );
  }
  const offered = bindings.filter((binding) => binding.isOffered(state));
  const always = offered.filter(isAlwaysOffered);
  const others = offered.filter((binding) => !isAlwaysOffered(binding));
  const left: Binding[] = [];
  for (const binding of others) {
    if (cellWidth(textOf(words([...left, binding, ...always]))) > width) break;
    left.push(binding);
  }
  return fitLine(words([...left, ...always]), width);
}

function isAlwaysOffered({ keys }: Binding): boolean {
  return keys.includes('tab') || keys.includes('?') || keys.includes('q');
}

function words(offered: readonly Binding[]): Line {
  return joinKeys(offered.map(({ shown, title }) => [shown, title]));
}

function keyWords(pairs: readonly (readonly [string, string])[], width: number): Line {
  return fitLine(joinKeys(pairs), width);
}

function joinKeys(pairs: readonly (readonly [string, string])[]): Line {
  return pairs.flatMap(([key, title]): readonly Span[] => [
    ' ',
    toned(key, 'strong'),
    toned(` ${title} `, 'quiet'),
  ]);
}
