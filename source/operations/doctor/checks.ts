import { checkClock, checkRemainders, checkTrim } from './checks/contents.ts';
import { checkCertificates, checkNetrc } from './checks/files.ts';
import { checkAccess, checkFileSystems } from './checks/folders.ts';
import { checkGoflags } from './checks/goflags.ts';
import { checkMode } from './checks/mode.ts';
import { checkNetwork } from './checks/network.ts';
import { checkBinFolder, checkCacheProgram, checkCompiler } from './checks/programs.ts';
import { checkProxySettings } from './checks/proxies.ts';
import { checkSettings } from './checks/settings.ts';
import { checkNoGo, checkToolchain } from './checks/toolchain.ts';
import type { DoctorFacts } from './facts.ts';
import { byWeight, type Finding } from './finding.ts';
import type { NoGo } from './probe.ts';

/** Check is one topic: what it looks at, and what it finds wrong there. A new one is a file in checks/ and a line here. */
type Check = {
  readonly topic: string;
  find(facts: DoctorFacts): readonly Finding[];
};

/** checks are all topics, in the order in which they are told. */
const checks: readonly Check[] = [
  { topic: 'toolchain', find: checkToolchain },
  { topic: 'settings', find: checkSettings },
  { topic: 'module mode', find: checkMode },
  { topic: 'GOFLAGS', find: checkGoflags },
  { topic: 'C compiler', find: checkCompiler },
  { topic: 'installed programs', find: checkBinFolder },
  { topic: 'cache program', find: checkCacheProgram },
  { topic: 'access', find: checkAccess },
  { topic: 'file systems', find: checkFileSystems },
  { topic: 'trim', find: checkTrim },
  { topic: 'remainders', find: checkRemainders },
  { topic: 'clock', find: checkClock },
  { topic: 'proxies', find: checkProxySettings },
  { topic: 'passwords', find: checkNetrc },
  { topic: 'certificates', find: checkCertificates },
  { topic: 'network', find: checkNetwork },
];

/** examine runs all checks, the errors first. */
export function examine(facts: DoctorFacts | NoGo): readonly Finding[] {
  if ('failure' in facts) return checkNoGo(facts);
  return byWeight(checks.flatMap(({ find }) => find(facts)));
}
