import { firstHop } from '../proxy/first-hop.ts';
import type { AppState } from './state.ts';

/** settingOf is what a setting of the go command is; empty where it is not known. */
export function settingOf({ settings }: AppState, wanted: string): string {
  return settings.find(({ name }) => name === wanted)?.value ?? '';
}

/** hopsOf gives for a module path the hop that a download would ask first. */
export function hopsOf(state: AppState): (path: string) => string {
  const { chain = { hops: [], problem: undefined } } = state.proxy;
  const patterns = {
    gonoproxy: settingOf(state, 'GONOPROXY'),
    gonosumdb: settingOf(state, 'GONOSUMDB'),
    goprivate: settingOf(state, 'GOPRIVATE'),
  };
  return (path) => firstHop(path, chain, patterns);
}
