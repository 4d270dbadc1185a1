import { settingMeanings } from '../../../go/setting-meaning.ts';
import type { DoctorFacts } from '../facts.ts';
import { type Finding, finder, type Repair } from '../finding.ts';
import { clearSetting } from '../setting-repair.ts';

/** checkSettings finds settings that have no effect, or that let no go command run. */
export function checkSettings(facts: DoctorFacts): readonly Finding[] {
  return [
    ...refused(facts),
    ...foreignTarget(facts),
    ...shadowed(facts),
    ...emptied(facts),
    ...unknown(facts),
    ...unreadable(facts),
  ];
}

/** refused are the values with which no go command runs; GOROOT has its own words. */
function refused({ refusals, settings }: DoctorFacts): readonly Finding[] {
  return refusals.flatMap(({ setting: name, words, shield }) => {
    const setting = settings.get(name);
    if (setting === undefined || name === 'GOROOT') return [];
    const code = `${name.toLowerCase()}-invalid`;
    const why = `no go command runs: ${words}`;
    return [
      finder('error', `${name}=${setting.value}`)(
        code,
        'no value for it',
        why,
        clearSetting(setting, { shield }),
      ),
    ];
  });
}

/** foreignTarget: a system or processor of go env -w stays for every build to come; a variable is meant for one shell. */
function foreignTarget({ settings, env }: DoctorFacts): readonly Finding[] {
  const hosts = { GOOS: env.raw.GOHOSTOS, GOARCH: env.raw.GOHOSTARCH };
  return Object.entries(hosts).flatMap(([name, host]) => {
    const setting = settings.get(name);
    if (setting?.origin !== 'go env -w' || setting.value === host) return [];
    const what = `every build is for ${setting.value}, while this machine is ${host}`;
    const why = 'go run and go test end with: exec format error, and what go install makes does not run here';
    return [
      finder('warning', `${name}=${setting.value}`)('target-foreign', what, why, clearSetting(setting)),
    ];
  });
}

/** shadowed: what go env -w wrote has no effect where a variable says something else. One that says the same does no harm. */
function shadowed({ settings }: DoctorFacts): readonly Finding[] {
  return [...settings.values()].flatMap((setting) => {
    const hidden = setting.shadows.find(({ origin }) => origin === 'go env -w');
    if (setting.origin !== 'environment' || hidden === undefined || hidden.value === setting.value) return [];
    const { name } = setting;
    const dropped = clearSetting({ ...setting, ...hidden });
    const [hiding = ''] = clearSetting(setting).repair;
    const what = `set with go env -w to ${hidden.value}, which has no effect`;
    const why =
      'a variable of the environment counts before go env -w, so that shells without it build with another value';
    const repair: Repair = { repair: [...dropped.repair, hiding], fix: dropped.fix };
    return [finder('warning', `${name}=${setting.value}`)('setting-shadowed', what, why, repair)];
  });
}

/** emptied: an empty variable counts as unset, so that it cannot take away what go env -w wrote. `cmd/go/internal/cfg: Getenv, go1.26` */
function emptied({ settings, variables, files }: DoctorFacts): readonly Finding[] {
  return [...settings.values()].flatMap((setting) => {
    const { name, value, origin } = setting;
    const isEmpty = variables[name] === '' && (files.goenv.get(name) ?? '') !== '';
    if (!isEmpty || origin !== 'go env -w') return [];
    const why = `Go takes an empty variable for none: ${value}, written by go env -w, counts`;
    const dropped = clearSetting(setting);
    const repair: Repair = { repair: [...dropped.repair, `unset ${name}`], fix: dropped.fix };
    return [
      finder('warning', name)('setting-empty', 'empty in the environment, which has no effect', why, repair),
    ];
  });
}

/** unknown are names in the file of go env -w that Go does not know: it refuses to write them, so somebody else did. */
function unknown({ files, env }: DoctorFacts): readonly Finding[] {
  return [...files.goenv.keys()]
    .filter((name) => !settingMeanings.has(name) && !(name in env.raw))
    .map((name) => {
      const why = 'Go passes over it without a word: whatever it is meant for does not happen';
      return finder('warning', `${env.goenv}: ${name}`)('setting-unknown', 'no setting of this go', why, [
        `go env -u ${name}`,
      ]);
    });
}

function unreadable({ fileProblems }: DoctorFacts): readonly Finding[] {
  return fileProblems.map(({ where, what, why, repair }) =>
    finder('warning', where)('goenv-unreadable', what, why, [repair]),
  );
}
