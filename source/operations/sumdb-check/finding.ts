/** Finding is something that is wrong, or a risk, with what to do about it. */
export type Finding = {
  readonly code: string;
  /** severity: an error stops go, or shows that somebody cheats; a warning does neither. */
  readonly severity: 'error' | 'warning';
  /** about is the setting, the file or the server. */
  readonly about: string;
  readonly what: string;
  readonly why: string;
  readonly repair: readonly string[];
};
