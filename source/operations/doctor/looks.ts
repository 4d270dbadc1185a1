import type { CacheFacts, FolderFacts } from './caches/facts.ts';
import type { DoctorFacts } from './facts.ts';

/** Look is what was looked at for a topic and found as it should be, or what cannot be known. */
export type Look = { readonly topic: string; readonly what: string };

/** SizeText writes a number of bytes for people. */
export type SizeText = (bytes: number | undefined) => string;

/** looksOf tells in a line a topic what was seen, so that "nothing is wrong" can be believed. */
export function looksOf(facts: DoctorFacts, size: SizeText): readonly Look[] {
  const { settings, machine, network } = facts;
  const changed = [...settings.values()].filter(({ origin }) => origin !== 'default' && origin !== 'GOROOT');
  return [
    { topic: 'toolchain', what: toolchainLook(facts) },
    {
      topic: 'settings',
      what: `${changed.length} set by you, ${settings.size - changed.length} as go has them`,
    },
    { topic: 'GOCACHE', what: cacheLook(facts.gocache, size) },
    { topic: 'trim', what: trimLook(facts) },
    { topic: 'archives', what: archivesLook(facts) },
    { topic: 'GOMODCACHE', what: cacheLook(facts.gomodcache, size) },
    { topic: 'remainders', what: remainderLook(facts) },
    { topic: 'temporary', what: folderLook(machine.temporary, size) },
    { topic: 'C compiler', what: compilerLook(facts) },
    { topic: 'programs', what: programsLook(facts) },
    { topic: 'clock', what: clockLook(facts) },
    {
      topic: 'proxies',
      what: `GOPROXY ${settings.get('GOPROXY')?.value ?? 'unknown'}, GOSUMDB ${settings.get('GOSUMDB')?.value ?? 'unknown'}`,
    },
    {
      topic: 'secrets',
      what:
        machine.netrc === undefined
          ? 'no .netrc'
          : `${machine.netrc.file}, mode ${machine.netrc.mode.toString(8)}`,
    },
    { topic: 'certificates', what: certificateLook(facts) },
    {
      topic: 'network',
      what:
        network === undefined
          ? 'not asked: gocachetop doctor --network does'
          : `${network.hops.length} of GOPROXY asked${network.sumdb === undefined ? '' : ', and the checksum database'}`,
    },
  ];
}

function toolchainLook({ toolchain, settings }: DoctorFacts): string {
  const { commands, version, goroot, selection, selected, lines } = toolchain;
  const [first, ...others] = commands;
  const at = first === undefined ? '' : ` at ${first.path}`;
  const alone = others.length === 0 ? 'the only one on PATH' : `${others.length} more on PATH`;
  const wants = lines?.go === undefined ? '' : `; ${lines.file} wants go ${lines.go}`;
  if (selection.type !== 'switch') return `${version}${at}, ${alone}, GOROOT ${goroot.path}${wants}`;
  const there = selected === 'nowhere' ? 'which go downloads first' : `from ${selected}`;
  return `${version}${at}, ${alone}; runs ${selection.name} here, ${there}, by ${selection.by === 'GOTOOLCHAIN' ? `GOTOOLCHAIN=${settings.get('GOTOOLCHAIN')?.value}` : `the ${selection.by}`}${wants}`;
}

function cacheLook(cache: CacheFacts | undefined, size: SizeText): string {
  if (cache === undefined) return 'unknown';
  const { looked, isWhole } = cache.sample;
  const files = looked === 0 ? '' : `, ${looked} files looked at${isWhole ? '' : ', not all'}`;
  return `${folderLook(cache, size)}${files}`;
}

function folderLook({ path, state, fileSystem, freeBytes }: FolderFacts, size: SizeText): string {
  const there = state === 'missing' ? ', not made yet' : '';
  return `${path}${there}, ${fileSystem ?? 'unknown file system'}, ${size(freeBytes)} free`;
}

function trimLook({ trim }: DoctorFacts): string {
  if (trim?.last === undefined) return 'none so far';
  return `last ${new Date(trim.last).toISOString().slice(0, 16).replace('T', ' ')}`;
}

function archivesLook({ trimpath }: DoctorFacts): string {
  if (trimpath === undefined) return 'unknown';
  return `${trimpath.looked} of the last two days looked into, of ${trimpath.modules} modules`;
}

function remainderLook({ remainders }: DoctorFacts): string {
  if (remainders === undefined) return 'unknown';
  const { folders, isWhole, locks } = remainders;
  const held = process.platform === 'linux' ? `${locks.length} locks held` : 'held locks unknown';
  return `${folders} folders of the download cache${isWhole ? '' : ', not all'}, ${held}`;
}

function compilerLook({ env, machine }: DoctorFacts): string {
  const { program, found } = machine.compiler;
  const there = found === undefined ? `no ${program} on PATH` : found;
  return `${there}, cgo is ${env.cgoEnabled ? 'on' : 'off'}`;
}

function programsLook({ machine }: DoctorFacts): string {
  const { path, programs, isOnPath } = machine.binFolder;
  return `${programs.length} in ${path}${isOnPath ? ', on PATH' : ''}`;
}

function clockLook({ machine }: DoctorFacts): string {
  return machine.fileAheadMs === undefined
    ? 'that of the file system is unknown: no file was made to see'
    : 'the same as that of the file system';
}

function certificateLook({ machine, variables }: DoctorFacts): string {
  const { hasRoots } = machine.certificates;
  if (hasRoots === undefined) return "unknown: in the system's own store";
  const named = ['SSL_CERT_FILE', 'SSL_CERT_DIR'].filter((name) => (variables[name] ?? '') !== '');
  return `${hasRoots ? 'roots are there' : 'no roots'}${named.length === 0 ? '' : `, by ${named.join(' and ')}`}`;
}
