/** BuildRecord is one build that ran under us. Of its command only the subcommand is kept: arguments may hold secrets. */
export type BuildRecord = {
  /** at is when it began, Unix milliseconds. */
  readonly at: number;
  readonly gocache: string;
  /** goVersion as `go1.26.8`. */
  readonly goVersion: string;
  /** subcommand of the go command; undefined where it was another, as make. */
  readonly subcommand: string | undefined;
  readonly exitCode: number;
  readonly durationMs: number;
  readonly hits: number;
  readonly misses: number;
  readonly failed: number;
  /** hit and written are the archives that came from GOCACHE and those that were put there, as far as their sizes are known. */
  readonly hit: MeasuredBytes;
  readonly written: MeasuredBytes;
};

/** MeasuredBytes are the bytes of so many archives; the others of the build were not measured. */
export type MeasuredBytes = { readonly archives: number; readonly bytes: number };

/** formatBuildRecord writes a build as one line of JSON. */
export function formatBuildRecord(build: BuildRecord): string {
  return `${JSON.stringify({ ...build, at: new Date(build.at).toISOString() })}\n`;
}

/** BuildRecords are the builds that a file tells of, oldest first, and how many of its lines could not be read. */
export type BuildRecords = { readonly builds: readonly BuildRecord[]; readonly damaged: number };

/** parseBuildRecords reads the lines of a record that are about one GOCACHE. */
export function parseBuildRecords(text: string, gocache: string): BuildRecords {
  const builds: BuildRecord[] = [];
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const build = parseBuildRecord(line);
    if (build === undefined) damaged += 1;
    else if (build.gocache === gocache) builds.push(build);
  }
  return { builds, damaged };
}

function parseBuildRecord(line: string): BuildRecord | undefined {
  const found = parseObject(line);
  if (found === undefined) return undefined;
  const { at, gocache, goVersion, subcommand, exitCode, durationMs, hits, misses, failed } = found;
  const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  const [hit, written] = [parseMeasured(found.hit), parseMeasured(found.written)];
  const isWhole =
    Number.isFinite(time) &&
    typeof gocache === 'string' &&
    typeof goVersion === 'string' &&
    [exitCode, durationMs, hits, misses, failed].every(isAmount) &&
    hit !== undefined &&
    written !== undefined;
  if (!isWhole) return undefined;
  return {
    at: time,
    gocache,
    goVersion,
    subcommand: typeof subcommand === 'string' ? subcommand : undefined,
    exitCode: Number(exitCode),
    durationMs: Number(durationMs),
    hits: Number(hits),
    misses: Number(misses),
    failed: Number(failed),
    hit,
    written,
  };
}

function parseMeasured(value: unknown): MeasuredBytes | undefined {
  if (!isObject(value)) return undefined;
  const { archives, bytes } = value;
  return isAmount(archives) && isAmount(bytes) ? { archives, bytes } : undefined;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
