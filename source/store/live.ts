import type { AppState } from './state.ts';

/** isLive says that a build runs, here or elsewhere: only then does the clock advance, and a rate means something. */
export function isLive({ build, elsewhere }: AppState): boolean {
  return (build !== undefined && build.end === undefined) || elsewhere.running.length > 0;
}

/** hasSeenBuild says that there is a build to show: the wrapped command, or one of others. */
export function hasSeenBuild({ build, elsewhere }: AppState): boolean {
  const { running, compiledCount, links } = elsewhere;
  return build !== undefined || running.length > 0 || compiledCount > 0 || links.length > 0;
}
