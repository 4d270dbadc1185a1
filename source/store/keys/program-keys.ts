import { cleanText } from '../cells.ts';
import { focusedLevel } from '../levels.ts';
import { probeHere } from '../probing-keys.ts';
import type { ScreenChange } from '../screen.ts';
import type { AppState } from '../state.ts';
import { views } from '../views/registry.ts';
import { type Binding, changed, defineBinding } from './binding.ts';

/** programKeys are about gocachetop itself. */
export const programKeys: readonly Binding[] = [
  defineBinding({
    keys: ['y'],
    shown: 'y',
    title: 'copy',
    tooltip: 'copy the shell command that shows the same',
    group: 'program',
    isOffered: (state) => commandOf(state) !== undefined,
    unavailable: (state) => (commandOf(state) === undefined ? 'no shell command shows this' : undefined),
    press(state) {
      const text = commandOf(state) ?? '';
      return {
        screen: { ...state.screen, notice: `copied: ${cleanText(text)}` },
        effects: [{ type: 'copy', text }],
      };
    },
  }),
  defineBinding({
    keys: ['r'],
    shown: 'r',
    // It is in the line of keys of the proxy pane alone.
    title: 'ask',
    tooltip: 'count the caches again; in the proxy pane: ask the hops, which nothing else does',
    group: 'program',
    isOffered: ({ screen }) => screen.focus === 'proxy',
    press: (state) =>
      probeHere(state) ?? {
        screen: { ...state.screen, notice: 'counting the caches again' },
        effects: [{ type: 'refresh' }],
      },
  }),
  defineBinding({
    keys: ['?'],
    shown: '?',
    title: 'help',
    tooltip: 'all keys',
    group: 'program',
    isOffered: () => true,
    press: ({ screen }) => changed({ ...screen, help: { top: 0 } }),
  }),
  defineBinding({
    keys: ['q', 'ctrl+c'],
    shown: 'q',
    title: 'quit',
    tooltip: 'quit, ctrl-c too; while a build runs it asks whether the build goes on',
    group: 'program',
    isOffered: () => true,
    press: quit,
  }),
  defineBinding({
    keys: ['ctrl+z'],
    shown: 'ctrl-z',
    title: 'suspend',
    tooltip: 'back to the shell for a while; fg comes back',
    group: 'program',
    press: ({ screen }) => ({ screen, effects: [{ type: 'suspend' }] }),
  }),
];

function commandOf(state: AppState): string | undefined {
  const level = focusedLevel(state);
  return views[level.view].command(state, level);
}

function quit({ screen, build }: AppState): ScreenChange {
  const isRunning = build !== undefined && build.end === undefined;
  return isRunning
    ? changed({ ...screen, dialog: { id: 'quit-build', choice: 0 } })
    : { screen, effects: [{ type: 'quit', build: 'continues' }] };
}
