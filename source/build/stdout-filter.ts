/** StdoutFilter takes out of a command's stdout what `-x` added there. */
export type StdoutFilter = {
  push(chunk: Uint8Array): Uint8Array;
  /** end gives back what was kept: a last line without a line end, or the beginning of one. */
  end(): Uint8Array;
  readonly isHolding: boolean;
};

export type StdoutFilterContext = {
  /** readOutput gives text of a build-output record to the reader of `-x`, and returns what of it is the user's. */
  readOutput(text: string): string;
  /** readLine is told each whole line that is the user's: test results are read from there. */
  readLine(line: string): void;
};

/**
 * createStdoutFilter: `-x` goes to stderr, with three exceptions: under the user's own `-json` it stands in
 * build-output records; `go fmt` prints its `gofmt` command, `go clean` its `rm` commands
 * (cmd/go/internal/base: RunErr, clean: runClean, go1.26). All else comes through byte by byte.
 */
export function createStdoutFilter(context: StdoutFilterContext): StdoutFilter {
  let partial = '';
  let heldFolder = '';
  // begun is what went out already of the line that is on its way, as a prompt.
  let begun = '';

  function line(raw: string): string {
    const text = raw.replace(/\r?\n$/, '');
    if (begun !== '') {
      context.readLine(begun + text);
      begun = '';
      return raw;
    }
    const held = heldFolder;
    heldFolder = '';
    if (raw.startsWith('{') && isBuildOutput(text)) return held + record(raw, text);
    if (isFolder(raw)) {
      heldFolder = raw;
      return held;
    }
    if (isCleaning(text, held)) return '';
    if (isFormatting(text)) return held;
    context.readLine(text);
    return held + raw;
  }

  function record(raw: string, text: string): string {
    const parsed: unknown = parseJson(text);
    if (!isOutputRecord(parsed)) return raw;
    const users = context.readOutput(parsed.Output);
    if (users === '') return '';
    return users === parsed.Output ? raw : `${encodeGoJson({ ...parsed, Output: users })}\n`;
  }

  /** give lets the beginning of a line go out; what follows in it is the user's. */
  function give(): string {
    const given = partial;
    begun = (begun + given).slice(0, begunLimit);
    partial = '';
    return given;
  }

  return {
    push(chunk) {
      const text = partial + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      const end = text.lastIndexOf('\n') + 1;
      partial = text.slice(end);
      // A prompt or a progress bar must not wait for its line end; only what may become a line of ours does.
      let out = '';
      let at = 0;
      while (at < end) {
        const next = text.indexOf('\n', at) + 1;
        out += line(text.slice(at, next));
        at = next;
      }
      if (partial !== '' && (begun !== '' || (heldFolder === '' && !mayBecomeOurs(partial)))) out += give();
      return Buffer.from(out, 'latin1');
    },
    end() {
      const rest = heldFolder + give();
      if (begun !== '') context.readLine(begun);
      heldFolder = '';
      return Buffer.from(rest, 'latin1');
    },
    get isHolding() {
      return partial !== '' || heldFolder !== '';
    },
  };
}

// begunLimit is more than a line of go test's summary has.
const begunLimit = 4096;

function isBuildOutput(text: string): boolean {
  return text.startsWith('{"ImportPath":') && text.includes('"Action":"build-output"');
}

function mayBecomeOurs(partial: string): boolean {
  return (
    partial.startsWith('{') || isFolder(partial) || partial.startsWith('rm -') || /^\/\S*gofmt /.test(partial)
  );
}

/** `/usr/local/go/bin/gofmt -l -w a/a.go` (fmtcmd.go: runFmt). */
function isFormatting(text: string): boolean {
  return /^\/\S*\/gofmt -l -w \S/.test(text);
}

function isFolder(text: string): boolean {
  return text.startsWith('cd /') || text.startsWith('cd "/');
}

/** `rm -f a.test a.test.exe a.test a.test.exe` behind its `cd`, `rm -rf GOCACHE/00 GOCACHE/01 ...` (clean.go). */
function isCleaning(text: string, folder: string): boolean {
  return (
    (folder !== '' && /^rm -f (\S+) \1\.exe(?: |$)/.test(text)) ||
    /^rm -rf (\S+)[/\\]00 \1[/\\]01 /.test(text)
  );
}

type OutputRecord = { readonly ImportPath: string; readonly Action: string; readonly Output: string };

function isOutputRecord(value: unknown): value is OutputRecord {
  return typeof value === 'object' && value !== null && 'Output' in value && typeof value.Output === 'string';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** encodeGoJson writes JSON as Go's encoding/json does: `<`, `>`, `&` and the line ends of Unicode are escaped. */
function encodeGoJson(value: OutputRecord): string {
  const text = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Buffer.from(text, 'utf8').toString('latin1');
}
