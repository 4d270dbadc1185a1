import { isBoolFlagSet, joinGoFlags, splitGoFlags } from '../../../go/flags.ts';
import { findSettingStates } from '../../recovery/setting-states.ts';
import type { DoctorFacts } from '../facts.ts';
import { type Finding, finder } from '../finding.ts';
import { changeSetting } from '../setting-repair.ts';
import { toFindings } from './recovery-states.ts';

/** checkGoflags finds flags in GOFLAGS that stop go, or spoil what its caches are for. */
export function checkGoflags(facts: DoctorFacts): readonly Finding[] {
  return [...badFlags(facts), ...mixedTrimpath(facts)];
}

function badFlags(facts: DoctorFacts): readonly Finding[] {
  const setting = facts.settings.get('GOFLAGS');
  if (setting === undefined || setting.value === '') return [];
  const about = `GOFLAGS=${setting.value}`;
  const { flagsFault } = facts.toolchain;
  if (flagsFault !== undefined) {
    const why = `no go command but go env runs: parsing $GOFLAGS: ${flagsFault}`;
    const words = facts.env.goflags.includes(' ') ? without(facts, unknownFlag(flagsFault)) : '';
    return [
      finder('error', about)('goflags-invalid', 'go cannot read it', why, changeSetting(setting, words)),
    ];
  }
  const { words } = splitGoFlags(setting.value);
  const isWorkspace = facts.env.gowork !== '' && facts.env.gowork !== 'off';
  const found = spoilers
    .filter(({ flag, value }) => isSet(words, flag, value))
    .map(({ flag, value, code, what, why }) => {
      const isFatal = code === 'goflags-mod-mod' && isWorkspace;
      const severity = isFatal || code === 'goflags-n' ? 'error' : 'warning';
      const repair = changeSetting(setting, without(facts, value === undefined ? flag : `${flag}=${value}`));
      return finder(severity, about)(code, what, isFatal ? workspaceWhy : why, repair);
    });
  const settings = new Map([['GOFLAGS', setting]]);
  return [
    ...found,
    ...toFindings(findSettingStates({ settings, needed: [], sums: [], databaseFailure: undefined })),
  ];
}

const workspaceWhy =
  'in a workspace every build ends with: -mod may only be set to readonly or vendor when in workspace mode';

/** spoilers are flags with a price for every build. `cmd/go/internal/work: AddBuildFlags, go1.26` */
const spoilers: readonly {
  readonly flag: string;
  /** value of a flag that takes one; undefined for a boolean one. */
  readonly value?: string;
  readonly code: string;
  readonly what: string;
  readonly why: string;
}[] = [
  {
    flag: 'a',
    code: 'goflags-a',
    what: '-a compiles everything anew in every build',
    why: 'GOCACHE is written and never read: a build of nothing new takes as long as the first one',
  },
  {
    flag: 'mod',
    value: 'mod',
    code: 'goflags-mod-mod',
    what: '-mod=mod lets every build change go.mod and go.sum',
    why: 'a build may then take other versions than the last, asks proxies for what an import could mean, and passes over vendor',
  },
  {
    flag: 'n',
    code: 'goflags-n',
    what: '-n builds nothing',
    why: 'go build prints its commands and ends well, and there is no program',
  },
  {
    flag: 'work',
    code: 'goflags-work',
    what: '-work leaves the work folder of every build behind',
    why: 'each takes as much of the temporary folder as all that was compiled and linked',
  },
  {
    flag: 'count',
    value: '1',
    code: 'goflags-count',
    what: '-count=1 runs every test anew',
    why: 'no result of a test comes from GOCACHE, though nothing has changed that it depends on',
  },
];

function isSet(words: readonly string[], flag: string, value: string | undefined): boolean {
  if (value === undefined) return isBoolFlagSet(words, flag);
  const last = words.findLast((word) => new RegExp(`^--?${flag}=`).test(word));
  return last?.replace(/^--?[^=]*=/, '') === value;
}

/**
 * mixedTrimpath: the flag is an input of every key, so that builds with and without it share nothing. With it in GOFLAGS all
 * builds have it. `cmd/go/internal/work: buildActionID, go1.26`
 */
function mixedTrimpath({ trimpath, settings, env }: DoctorFacts): readonly Finding[] {
  const { words } = splitGoFlags(env.goflags);
  const setting = settings.get('GOFLAGS');
  if (trimpath === undefined || setting === undefined || isBoolFlagSet(words, 'trimpath')) return [];
  const [first] = trimpath.mixed;
  if (first === undefined) return [];
  const what = `${trimpath.mixed.length} of ${trimpath.modules} modules looked at were compiled with -trimpath and without it in the last two days, as ${first}`;
  const why =
    'builds with the flag find nothing of builds without it: each compiles all packages for itself, and GOCACHE keeps both';
  const goflags = joinGoFlags([...words, '-trimpath']).goflags;
  return [finder('warning', 'GOFLAGS')('trimpath-mixed', what, why, changeSetting(setting, goflags))];
}

/** without is GOFLAGS less one flag; a name alone takes all its values away. */
function without({ env }: DoctorFacts, flag: string): string {
  const { words } = splitGoFlags(env.goflags);
  const kept = words.filter((word) => {
    const bare = word.replace(/^--?/, '');
    return bare !== flag && (flag.includes('=') || !bare.startsWith(`${flag}=`)) && word !== flag;
  });
  return joinGoFlags(kept).goflags;
}

/** unknownFlag is the word that go stumbles over; empty where the whole value cannot be cut into words. */
function unknownFlag(fault: string): string {
  return /^unknown flag -(\S+)$/.exec(fault)?.[1] ?? /^non-flag "(.*)"$/.exec(fault)?.[1] ?? '';
}
