/** PaneId names a pane; the number of a pane on screen is its place in `paneIds`, from 1. */
export type PaneId = 'build' | 'gocache' | 'gomodcache' | 'proxy';

export const paneIds: readonly PaneId[] = ['build', 'gocache', 'gomodcache', 'proxy'];
