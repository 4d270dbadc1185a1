import { quote } from '../../../go/shell-word.ts';
import type { DoctorFacts } from '../facts.ts';
import { type Finding, finder } from '../finding.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** checkTrim: a GOCACHE that Go does not trim, and one that nobody uses any more. cmd/go/internal/cache: (*DiskCache).Trim, go1.26 */
export function checkTrim({ trim, gocache, now }: DoctorFacts): readonly Finding[] {
  const found: Finding[] = [];
  if (trim?.last !== undefined) {
    const { file, last, survivors, looked, changedAt } = trim;
    const command = `rm ${quote(file)}`;
    const fix = { command, undo: undefined, before: undefined, action: { type: 'remove', file } } as const;
    const repair = { repair: [command], fix };
    if (last - now > hour) {
      const what = `the last trim lies ${span(last - now)} in the future`;
      const why =
        'a clock was wrong when Go trimmed here: what was written then is not trimmed before that time and five days have passed';
      found.push(finder('warning', file)('trim-future', what, why, repair));
    } else if (now - last < day && survivors > 0) {
      const came =
        changedAt !== undefined && changedAt - last > hour
          ? `; the file came here ${span(changedAt - last)} after the time in it`
          : '';
      const what = `it says that Go has trimmed, and ${survivors} of ${looked} files looked at are older than a trim leaves${came}`;
      const why =
        'it was restored, as CI does: where that happens every day no trim is ever due, and the cache only grows';
      found.push(finder('warning', file)('trim-restored', what, why, repair));
    }
  }
  for (const { path, lastTrim } of gocache?.leftBehind ?? []) {
    const when = lastTrim === undefined ? 'never trimmed' : `not trimmed for ${span(now - lastTrim)}`;
    const why =
      'GOCACHE is elsewhere now, and Go trims only the one that it works with: this one stays as it is';
    found.push(
      finder('warning', path)('gocache-left-behind', `another GOCACHE, ${when}`, why, [
        `gocachetop clean --gocache ${quote(path)}`,
      ]),
    );
  }
  return found;
}

/** checkRemainders: what an interrupted go command has left in GOMODCACHE. A `.lock` that nobody holds is Go's own way. */
export function checkRemainders({ remainders, env }: DoctorFacts): readonly Finding[] {
  if (remainders === undefined) return [];
  const partials = remainders.partials.map(({ path, version, file }) => {
    const what = `the extraction of ${path}@${version} did not end`;
    const why =
      'go extracts it again when it is needed next, which fails without its zip or room; until then the folder is not whole';
    return finder('warning', file)('partial', what, why, [
      `gocachetop redownload ${quote(`${path}@${version}`)}`,
      `go clean -modcache, which removes all of ${env.gomodcache}`,
    ]);
  });
  const locks = remainders.locks.flatMap(({ file, pid, command, isStopped, runsForMs }) => {
    if (!isStopped && (runsForMs === undefined || runsForMs < hungMs)) return [];
    const who = command.length === 0 ? `process ${pid}` : `${command.join(' ')} (process ${pid})`;
    const how = isStopped ? 'was stopped by a signal' : `runs for ${span(runsForMs ?? 0)}`;
    const why = 'every go command that needs this module waits for it, without a word and without an end';
    return [
      finder('error', file)('lock-held', `held by ${who}, which ${how}`, why, [
        isStopped ? `kill -CONT ${pid}` : `kill ${pid}`,
      ]),
    ];
  });
  return [...partials, ...locks];
}

// The lock is held for the download and extraction of one module; no zip of 500 MB takes that long.
const hungMs = hour;

/** checkClock: builds go by the times of files, certificates by the clock. */
export function checkClock({
  now,
  toolchain,
  machine,
  gocache,
  gomodcache,
  network,
}: DoctorFacts): readonly Finding[] {
  const found: Finding[] = [];
  const { releasedAt, version } = toolchain.goroot;
  const repair = ['timedatectl set-ntp true', 'date, and set it'];
  if (releasedAt !== undefined && now < releasedAt) {
    const what = `it says ${iso(now)}, before ${version} was made at ${iso(releasedAt)}`;
    const why = 'certificates of proxies are not valid yet by this clock, and Go trims nothing';
    found.push(finder('error', 'clock')('clock-behind', what, why, repair));
  }
  const ahead = machine.fileAheadMs;
  if (ahead !== undefined && Math.abs(ahead) > fileSkewMs) {
    const what = `the file system of GOCACHE is ${span(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} this machine`;
    const why = 'Go goes by the times of files to tell what was used, and what changed while it looked';
    found.push(
      finder('warning', 'clock')('clock-file-system', what, why, ['set the clock of the file server']),
    );
  }
  if (network?.clockAheadMs !== undefined && Math.abs(network.clockAheadMs) > serverSkewMs) {
    const { clockAheadMs } = network;
    const what = `it is ${span(Math.abs(clockAheadMs))} ${clockAheadMs > 0 ? 'ahead of' : 'behind'} that of a server`;
    const why = 'certificates are judged by this clock, and Go trims by it';
    found.push(finder('warning', 'clock')('clock-network', what, why, repair));
  }
  for (const cache of [gocache, gomodcache]) {
    if (cache === undefined || cache.sample.future.count === 0) continue;
    const { count, example } = cache.sample.future;
    const what = `${count} of ${cache.sample.looked} files looked at are from the future, as ${example}`;
    const why =
      'a clock was wrong when they were written, or is now: Go does not trim them before their time has come';
    const touch = `find ${quote(cache.path)} -newermt now -exec touch -c {} +`;
    found.push(
      finder('warning', `${cache.name}=${cache.path}`)(`${cache.name.toLowerCase()}-future`, what, why, [
        touch,
      ]),
    );
  }
  return found;
}

// A network file system may be some seconds off; two are seen on every one.
const fileSkewMs = 10_000;
// The time of an answer may be that of a cache in between.
const serverSkewMs = 5 * 60_000;

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

function span(ms: number): string {
  if (ms < 2 * 60_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 2 * hour) return `${Math.round(ms / 60_000)} min`;
  return ms < 2 * day ? `${Math.round(ms / hour)} h` : `${Math.round(ms / day)} days`;
}
