import { joinGoFlags, splitGoFlags } from '../../go/flags.ts';
import { findPrefixPattern } from '../../go/module-path.ts';
import { isRedacted, redactUrl } from '../../go/redact.ts';
import type { Setting } from '../../go/settings.ts';
import { quote } from '../../go/shell-word.ts';
import { parseSumdb } from '../../proxy/sumdb.ts';
import type { RecoveryFacts, SumFact } from './facts.ts';
import type { RecoveryState, Step } from './state.ts';
import { partGlobs } from './wide-globs.ts';

/** findSettingStates finds the settings that leave modules unchecked. */
export function findSettingStates(facts: RecoveryFacts): readonly RecoveryState[] {
  return [...sumdbOff(facts), ...insecureFlag(facts), ...wideGlobs(facts), ...unreachable(facts)];
}

function sumdbOff({ settings, sums }: RecoveryFacts): readonly RecoveryState[] {
  const setting = settings.get('GOSUMDB');
  if (setting === undefined || parseSumdb(setting.value).kind !== 'off') return [];
  const unchecked = countUnchecked(sums);
  const lines =
    unchecked === 0 ? '' : `; ${unchecked} lines of go.sum have no answer of the database behind them`;
  return [
    {
      code: 'gosumdb-off',
      severity: 'warning',
      about: 'GOSUMDB=off',
      what: 'what is new to go.sum is taken without asking the checksum database',
      why: `what go.sum has is compared all the same: off cures no checksum mismatch, and what came in wrong meanwhile stays wrong${lines}`,
      steps: [restoreDefault(setting, 'sum.golang.org')],
    },
  ];
}

function countUnchecked(sums: readonly SumFact[]): number {
  return sums.filter(({ goSum, database }) => goSum.length > 0 && database === undefined).length;
}

/** insecureFlag: only go get has the flag left, to say that it is gone; no other command heeds it. `cmd/go/internal/modget: runGet, go1.26` */
function insecureFlag({ settings }: RecoveryFacts): readonly RecoveryState[] {
  const setting = settings.get('GOFLAGS');
  const { words } = splitGoFlags(setting?.value ?? '');
  const kept = words.filter((word) => !/^--?insecure(?:=|$)/.test(word));
  if (setting === undefined || kept.length === words.length) return [];
  const value = joinGoFlags(kept).goflags;
  return [
    {
      code: 'insecure-flag',
      severity: 'error',
      about: `GOFLAGS=${setting.value}`,
      what: 'go get fails with it, and it switches nothing off',
      why: 'the flag is gone since Go 1.17: go get refuses it, all else passes over it; what it did, GOINSECURE and GONOSUMDB do per module',
      steps: [value === '' ? restoreDefault(setting, '') : writeSetting(setting, value)],
    },
  ];
}

function wideGlobs({ settings, needed }: RecoveryFacts): readonly RecoveryState[] {
  // GONOSUMDB is GOPRIVATE where it is not set. cmd/go/internal/cfg: GONOSUMDB, go1.26
  const own = settings.get('GONOSUMDB');
  const setting = own?.derivedFrom === 'GOPRIVATE' ? settings.get('GOPRIVATE') : own;
  if (setting === undefined || setting.value === '' || setting.value === 'none') return [];
  const { wide, narrow } = partGlobs(setting.value);
  if (wide.length === 0) return [];
  const hidden = needed.filter(({ path }) => findPrefixPattern(wide.join(','), path) !== undefined).length;
  const value = narrow.length === 0 ? undefined : narrow.join(',');
  return [
    {
      code: 'nosumdb-wide',
      severity: 'warning',
      about: `${setting.name}=${setting.value}`,
      what: `${wide.join(',')} keeps public modules from the checksum database`,
      why: `${hidden} of ${needed.length} modules of go.sum match; a module that is new to go.sum and matches is taken as it comes`,
      steps: [value === undefined ? restoreDefault(setting, '') : writeSetting(setting, value)],
    },
  ];
}

function unreachable({ databaseFailure, settings }: RecoveryFacts): readonly RecoveryState[] {
  if (databaseFailure === undefined) return [];
  const value = redactUrl(settings.get('GOSUMDB')?.value ?? '');
  return [
    {
      code: 'sumdb-unreachable',
      severity: 'error',
      about: `GOSUMDB=${value}`,
      what: 'the checksum database does not answer',
      why: databaseFailure,
      steps: [
        {
          what: 'let a proxy answer for the database, or reach it',
          why: 'go asks the proxies of GOPROXY first, at /sumdb/, then the database itself; a module that go.sum has needs neither, so that GOSUMDB=off is no cure',
          command: 'go mod download -x',
          undo: undefined,
          before: undefined,
          action: { type: 'user' },
        },
      ],
    },
  ];
}

/** restoreDefault takes a setting away where it was set, so that what go brings with it counts again. */
function restoreDefault(setting: Setting, fallback: string): Step {
  const { name, value, origin } = setting;
  if (origin === 'environment') return unsetVariable(setting, `unset ${name}`);
  if (isRedacted(setting.value)) return byHand(setting, `go env -u ${name}`);
  if (origin === 'GOROOT') return writeSetting(setting, fallback);
  return {
    what: `set ${name} back to its default`,
    why: 'it was set with go env -w',
    command: `go env -u ${name}`,
    undo: `go env -w ${quote(`${name}=${value}`)}`,
    before: value,
    action: { type: 'setting', name, value: undefined },
  };
}

function writeSetting(setting: Setting, to: string): Step {
  const { name, value, origin } = setting;
  if (origin === 'environment') return unsetVariable(setting, `export ${name}=${quote(to)}`);
  if (isRedacted(setting.value)) return byHand(setting, `go env -w ${quote(`${name}=${to}`)}`);
  const assignment = `${name}=${to}`;
  return {
    what: `set ${name} to ${to === '' ? 'nothing' : to}`,
    why: origin === 'GOROOT' ? 'the go.env of the Go distribution sets it' : 'the rest of it stays',
    command: `go env -w ${quote(assignment)}`,
    undo: origin === 'GOROOT' ? `go env -u ${name}` : `go env -w ${quote(`${name}=${value}`)}`,
    before: value,
    action: { type: 'setting', name, value: to },
  };
}

function byHand({ name, value }: Setting, command: string): Step {
  return {
    what: `change ${name} by hand`,
    why: 'it has a password in it, which is neither shown nor written anywhere: only you can put it back',
    command,
    undo: undefined,
    before: value,
    action: { type: 'user' },
  };
}

/** unsetVariable: a variable counts before go env -w, and only the shell that set it can take it away. */
function unsetVariable({ name, value, shadows }: Setting, command: string): Step {
  const [next] = shadows;
  const then = next === undefined ? 'the default counts then' : `${next.origin} counts then: ${next.value}`;
  return {
    what: `change ${name} where it is set: in the environment`,
    why: `a variable counts before go env -w, which cannot change it; ${then}`,
    command,
    undo: `export ${name}=${quote(value)}`,
    before: value,
    action: { type: 'user' },
  };
}
