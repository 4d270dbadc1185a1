import { splitGoFlags } from '../../go/flags.ts';
import type { RouteSettings } from './settings.ts';

/** notesOn says what of the settings does not do what it looks like, in sentences. */
export function notesOn(settings: RouteSettings): readonly string[] {
  return [...vendorNote(settings), ...networkNotes(settings)];
}

/** vendorNote: `cmd/go/internal/modfetch: lookup, errLookupDisabled, go1.26`; go mod download has no such flag and passes over it. */
function vendorNote({ goflags }: RouteSettings): readonly string[] {
  const mode = splitGoFlags(goflags)
    .words.findLast((word) => /^--?mod=/.test(word))
    ?.replace(/^--?mod=/, '');
  return mode === 'vendor'
    ? [
        'GOFLAGS has -mod=vendor: builds take all from the vendor folder and ask nobody; only go mod download does',
      ]
    : [];
}

/** networkNotes: patterns are globs of path elements, so that a network is none. `golang.org/x/mod/module: MatchPrefixPatterns` */
function networkNotes({ goprivate, gonoproxy, gonosumdb }: RouteSettings): readonly string[] {
  const patterns = new Set([goprivate, gonoproxy, gonosumdb].flatMap((list) => list.split(',')));
  return [...patterns]
    .filter((pattern) => /^(?:\d+\.){3}\d+\/\d+$|^[\da-f:]+::?\/\d+$/i.test(pattern.trim()))
    .map(
      (pattern) =>
        `${pattern.trim()} matches no network: patterns are globs of the elements of a module path, without CIDR`,
    );
}
