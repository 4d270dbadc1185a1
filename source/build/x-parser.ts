import type { XEvent } from './x-event.ts';
import { classifyXLine, type XLine } from './x-line.ts';

/** XParser reads the output of go commands that run under `-x`, as it comes. */
export type XParser = {
  /** push takes the next bytes, cut anywhere, and returns what they complete. */
  push(chunk: Uint8Array): readonly XEvent[];
  /** holds says that something is kept back until more comes: `line` may become ours, `words` are the user's. */
  readonly holds: 'nothing' | 'line' | 'words';
  /** release gives back what is kept, as the user's: called when nothing more came for a while, and at the end. */
  release(): readonly XEvent[];
  /** settle is called when the pipe is empty: what ended before then prints no more lines of ours. */
  settle(): void;
  /** unrecognized counts lines that passed through though they look like a command of ours. */
  readonly unrecognized: number;
};

export type XParserContext = {
  /** isWork says whether this folder is, or has just been, the WORK of a go command. */
  isWork(path: string): boolean;
  /** exists says whether the folder is still there. */
  exists(path: string): boolean;
  /** isGoRun says that the command is `go run`: once its program runs, all that comes is the program's. */
  readonly isGoRun?: boolean;
  /** keepsWork says, at a line that names WORK, whether the user asked for `-work`: the line is the user's as well. */
  keepsWork?(): boolean;
};

/** HereDocument is one that has begun and not ended. */
type HereDocument = {
  readonly work: string;
  readonly objdir: string;
  readonly name: string;
  readonly body: string[];
  readonly end: string;
};

type CompileEvent = Extract<XEvent, { type: 'compile' }>;

type Session = { readonly work: string; isGone: boolean };

/**
 * createXParser returns a reader with its own state. A line is ours only when its form is one that the go command
 * prints, a go command is running, and it agrees with the lines before it: a folder is made once, a package compiled
 * into it once, nothing follows its removal. Everything else passes through byte by byte.
 */
export function createXParser(context: XParserContext): XParser {
  const sessions = new Map<string, Session>();
  // begun counts the go commands since the last time that none ran.
  let begun = 0;
  const objdirs = createObjdirs();
  let pieces: string[] = [];
  let held = '';
  let heldLine: XLine | undefined;
  let directory: string | undefined;
  let document: HereDocument | undefined;
  let isMidLine = false;
  let isUsersOnly = false;
  let unrecognized = 0;
  let events: XEvent[] = [];
  let passed = '';

  function push(chunk: Uint8Array): readonly XEvent[] {
    events = [];
    const fresh = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    if (fresh === '') return events;
    if (!fresh.includes('\n')) {
      // A line of a megabyte comes in pieces; they are joined once, at its end.
      if (isMidLine || isUsersOnly) pass(fresh);
      else pieces.push(fresh);
      return take();
    }
    pieces.push(fresh);
    const text = pieces.length === 1 ? fresh : pieces.join('');
    pieces = [];
    readLines(text);
    return take();
  }

  function readLines(text: string): void {
    let at = 0;
    while (at < text.length) {
      if (isUsersOnly) {
        pass(text.slice(at));
        return;
      }
      if (document !== undefined) {
        at = readDocument(text, at, document);
        continue;
      }
      const newline = text.indexOf('\n', at);
      if (newline === -1) {
        if (isMidLine) pass(text.slice(at));
        else pieces.push(text.slice(at));
        return;
      }
      const raw = text.slice(at, newline + 1);
      at = newline + 1;
      if (isMidLine) {
        isMidLine = false;
        pass(raw);
      } else readLine(raw);
    }
  }

  function readLine(raw: string): void {
    const line = raw.endsWith('\r\n') ? raw.slice(0, -2) : raw.slice(0, -1);
    const isOutside = sessions.size === 0 && heldLine === undefined;
    const found = isOutside && !mayBegin(line) ? undefined : classifyXLine(line);
    if (found === undefined || !accept(found, line, raw)) {
      dropHeld();
      if (line.startsWith('# ')) header(line);
      else if (sessions.size > 0 && line.includes('$WORK/') && found === undefined) unrecognized += 1;
      pass(raw);
    }
  }

  /** accept tells whether the line agrees with what came before, and emits it. */
  function accept(found: XLine, line: string, raw: string): boolean {
    switch (found.form) {
      case 'work':
        if (sessions.has(found.work) || !context.isWork(decode(found.work))) return false;
        sessions.set(found.work, { work: found.work, isGone: false });
        begun += 1;
        ours({ type: 'session', work: decode(found.work) });
        if (context.keepsWork?.() === true) pass(raw);
        return true;
      case 'get':
        return ours({ type: 'get', line: decode(line) });
      case 'note':
        return ours({ type: 'other', line: decode(line) });
    }
    // Outside of a build, as under `go get`, only a repository is looked for and stamped.
    if (sessions.size === 0 && found.form !== 'cd' && found.form !== 'vcs') return false;
    switch (found.form) {
      case 'cd':
      case 'mkdir-target':
        // Ours only if the next line is: go prints a command together with its folder.
        dropHeld();
        held = raw;
        heldLine = found;
        return true;
      case 'vcs':
        if (heldLine?.form !== 'cd' || !isRepository(keptDirectory() ?? '', found.markers)) return false;
        // The commands of the build keep a folder of their own: this `cd` is not theirs.
        heldLine = undefined;
        return ours({ type: 'other', line: decode(line) });
      case 'mkdir':
        if (found.isWhole && !objdirs.make(found.objdir, begun)) return false;
        if (!found.isWhole && !objdirs.isOpen(found.objdir)) return false;
        return ours(found.isWhole ? { type: 'objdir', objdir: found.objdir } : { type: 'other', line });
      case 'here-document':
        return beginDocument(found.path, raw);
      case 'echo':
        return echoed(found.path, found.text, line);
      case 'compile': {
        if (!objdirs.isOpen(found.objdir)) return false;
        directory = keptDirectory() ?? directory;
        const event = compileEvent(found.objdir, decode(line), directory);
        return event !== undefined && objdirs.compile(found.objdir, event, begun) && ours(event);
      }
      case 'link':
        return (
          objdirs.isOpen(found.objdir) && ours({ type: 'link', objdir: found.objdir, line: decode(line) })
        );
      case 'tool':
        if (found.objdir === undefined) return ours({ type: 'other', line: decode(line) });
        if (!objdirs.isOpen(found.objdir)) return false;
        return ours({
          type: 'tool',
          tool: found.tool,
          objdir: found.objdir,
          importPath: importPathOf(line),
          line: decode(line),
        });
      case 'build-id':
        return (
          objdirs.isOpen(found.objdir) &&
          ours({ type: 'build-id-written', objdir: found.objdir, target: found.target })
        );
      case 'store':
        return (
          objdirs.isOpen(found.objdir) &&
          ours({
            type: 'stored',
            objdir: found.objdir,
            target: found.target,
            path: decode(found.path),
            outputId: found.outputId,
            line: decode(line),
          })
        );
      case 'restore':
        return objdirs.isOpen(found.objdir) && ours({ type: 'other', line: decode(line) });
      case 'remove':
        if (!(found.isWhole ? objdirs.remove(found.objdir) : objdirs.isOpen(found.objdir))) return false;
        return ours({ type: 'other', line: decode(line) });
      case 'replay':
        return ours({
          type: 'replay',
          path: decode(found.path),
          outputId: found.outputId,
          line: decode(line),
        });
      case 'test-run':
        if (found.objdir === undefined) return ours({ type: 'other', line: decode(line) });
        return (
          objdirs.isOpen(found.objdir) && ours({ type: 'test-run', objdir: found.objdir, line: decode(line) })
        );
      case 'program-run':
        isUsersOnly = context.isGoRun === true;
        return ours({ type: 'program-run', line: decode(line) });
    }
  }

  function isRepository(folder: string, markers: readonly string[] | undefined): boolean {
    return markers?.some((marker) => context.exists(`${folder}/${marker}`)) ?? true;
  }

  function ours(event: XEvent): true {
    if (heldLine?.form === 'cd') directory = keptDirectory();
    held = '';
    heldLine = undefined;
    emit(event);
    return true;
  }

  function keptDirectory(): string | undefined {
    return heldLine?.form === 'cd' ? decode(heldLine.directory) : undefined;
  }

  /** dropHeld gives a `cd` back to the user: what follows is not ours, so it was not either. */
  function dropHeld(): void {
    if (held !== '') pass(held);
    held = '';
    heldLine = undefined;
  }

  function beginDocument(path: string, raw: string): boolean {
    const place = /^(.*)[/\\](b\d+)[/\\]([^/\\]+)$/.exec(path);
    const [, work, objdir, name] = place ?? [];
    if (work === undefined || objdir === undefined || name === undefined) return false;
    if (!sessions.has(work)) return false;
    objdirs.open(objdir);
    document = { work, objdir, name, body: [], end: raw.endsWith('\r\n') ? 'EOF\r\n' : 'EOF\n' };
    return true;
  }

  /** readDocument takes body up to the end line `EOF`; a body without a line end has `EOF` on its last line. */
  function readDocument(text: string, from: number, open: HereDocument): number {
    const isStrict = open.name.startsWith('importcfg') || open.name === 'vet.cfg';
    let end = text.indexOf(open.end, from);
    while (end !== -1 && isStrict && end !== from && text.charCodeAt(end - 1) !== 0x0a)
      end = text.indexOf(open.end, end + 1);
    if (end === -1) {
      const whole = text.lastIndexOf('\n') + 1;
      if (whole > from) open.body.push(text.slice(from, whole));
      if (whole < text.length) pieces.push(text.slice(Math.max(whole, from)));
      return text.length;
    }
    open.body.push(text.slice(from, end));
    document = undefined;
    ours({
      type: 'document',
      work: decode(open.work),
      objdir: open.objdir,
      name: open.name,
      body: decode(open.body.join('')),
    });
    return end + open.end.length;
  }

  function echoed(path: string, text: string, line: string): boolean {
    const place = /\$WORK[/\\](b\d+)[/\\]([^/\\"']+)"?$/.exec(path);
    const [, objdir, name] = place ?? [];
    if (objdir === undefined || name === undefined || !objdirs.isOpen(objdir)) return false;
    if (!name.startsWith('importcfg') && name !== 'pkgcfg.txt')
      return ours({ type: 'other', line: decode(line) });
    return ours({ type: 'document', work: undefined, objdir, name, body: decode(text) });
  }

  function header(line: string): void {
    const named = /^# (\[)?([^\s[\]]+(?: \[[^\]]+\])?)\]?$/.exec(line);
    if (named?.[2] !== undefined)
      emit({ type: 'header', name: decode(named[2]), isVet: named[1] !== undefined });
  }

  function emit(event: XEvent): void {
    if (passed !== '') {
      events.push({ type: 'passthrough', text: passed });
      passed = '';
    }
    events.push(event);
  }

  function pass(text: string): void {
    passed += text;
  }

  function take(): readonly XEvent[] {
    if (passed !== '') events.push({ type: 'passthrough', text: passed });
    passed = '';
    const taken = events;
    events = [];
    return taken;
  }

  function release(): readonly XEvent[] {
    events = [];
    dropHeld();
    if (document !== undefined) {
      // A go command that was killed inside a here-document: its body is ours, cut.
      document = undefined;
      pieces = [];
      return take();
    }
    if (pieces.length > 0) {
      pass(pieces.join(''));
      pieces = [];
      isMidLine = true;
    }
    return take();
  }

  function settle(): void {
    for (const session of sessions.values()) {
      if (session.isGone) sessions.delete(session.work);
      else session.isGone = !context.exists(decode(session.work));
    }
    if (sessions.size > 0) return;
    objdirs.clear();
    begun = 0;
  }

  return {
    push,
    release,
    settle,
    get holds() {
      if (held !== '' || document !== undefined) return 'line';
      if (pieces.length === 0) return 'nothing';
      const start = lineStart(pieces);
      return (sessions.size > 0 || mayBegin(start)) &&
        /^(?:WORK=|# get |mkdir |cd |cat |cp |echo |go tool |rm |mv |touch |ln |\$WORK|\/|[A-Z]+=|[\w-]*(?:cc|clang|\+\+)\b)/.test(
          start,
        )
        ? 'line'
        : 'words';
    },
    get unrecognized() {
      return unrecognized;
    },
  };
}

/** lineStart is enough of a line that came in pieces to tell what it may become. */
function lineStart(pieces: readonly string[]): string {
  let start = '';
  for (const piece of pieces) {
    start += piece.slice(0, 64);
    if (start.length >= 64) break;
  }
  return start;
}

/** mayBegin says whether a line can stand before any WORK line: the beginning of a go command, or its downloads. */
function mayBegin(line: string): boolean {
  return (
    line.startsWith('WORK=') ||
    line.startsWith('# get ') ||
    line.startsWith('# lock ') ||
    line.startsWith('mkdir -p ') ||
    line.startsWith('cd ') ||
    /^\d+\.\d{3}s # cd /.test(line)
  );
}

/** createObjdirs keeps what is known of each `bNNN`: several go commands at once use the same names. */
function createObjdirs() {
  const made = new Map<string, number>();
  const removed = new Map<string, number>();
  const removedAgain = new Map<string, number>();
  // libraries counts the packages other than main that were compiled into a folder.
  const libraries = new Map<string, number>();
  const compiled = new Map<string, Set<string>>();
  return {
    /** make is false for a folder that was made as often as go commands run. */
    make(objdir: string, sessions: number): boolean {
      const times = made.get(objdir) ?? 0;
      if (times >= sessions) return false;
      made.set(objdir, times + 1);
      return true;
    },
    open(objdir: string): void {
      if (!made.has(objdir)) made.set(objdir, 1);
    },
    isOpen(objdir: string): boolean {
      return (made.get(objdir) ?? 0) > (removed.get(objdir) ?? 0);
    },
    compile(objdir: string, { buildId, packagePath }: CompileEvent, sessions: number): boolean {
      const ids = compiled.get(objdir) ?? new Set();
      if (ids.has(buildId) || ids.size >= sessions) return false;
      compiled.set(objdir, ids.add(buildId));
      if (packagePath !== 'main') libraries.set(objdir, (libraries.get(objdir) ?? 0) + 1);
      return true;
    },
    /**
     * remove is false for a folder that was removed often enough. That of a test binary which stays, as with `-o`, is
     * removed twice: work: BuildInstallFunc and test: runTestActor's clean action.
     */
    remove(objdir: string): boolean {
      const times = made.get(objdir) ?? 0;
      const once = removed.get(objdir) ?? 0;
      const again = removedAgain.get(objdir) ?? 0;
      if (once < times) removed.set(objdir, once + 1);
      else if (again < times - (libraries.get(objdir) ?? 0)) removedAgain.set(objdir, again + 1);
      else return false;
      return true;
    },
    clear(): void {
      made.clear();
      removed.clear();
      removedAgain.clear();
      libraries.clear();
      compiled.clear();
    },
  };
}

/**
 * compileEvent reads `.../compile -o $WORK/b003/_pkg_.a -trimpath "$WORK/b003=>" -p example.com/x/bad -lang=go1.22
 * -complete -buildid A/A -goversion go1.26.8 ... -pack ./bad/bad.go` (gc.go: gc).
 */
function compileEvent(objdir: string, line: string, directory: string | undefined): CompileEvent | undefined {
  const packagePath = / -p ("(?:[^"\\]|\\.)*"|\S+)/.exec(line)?.[1];
  const buildId = / -buildid ([^\s/]+)\//.exec(line)?.[1];
  if (packagePath === undefined || buildId === undefined) return undefined;
  return {
    type: 'compile',
    objdir,
    packagePath: unquoteWord(packagePath),
    buildId,
    files: filesOf(line, directory),
    line,
  };
}

/** filesOf are the Go files at the end of a compile line, behind its last flag. */
function filesOf(line: string, directory: string | undefined): readonly string[] {
  const pack = line.lastIndexOf(' -pack ');
  const words = (pack === -1 ? line : line.slice(pack + 7)).match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const files: string[] = [];
  for (let index = words.length - 1; index >= 0; index--) {
    const word = unquoteWord(words[index] ?? '');
    if (!word.endsWith('.go')) break;
    files.unshift(word.startsWith('./') && directory !== undefined ? `${directory}/${word.slice(2)}` : word);
  }
  return files;
}

function importPathOf(line: string): string | undefined {
  const found = / (?:-importpath|-p) ("(?:[^"\\]|\\.)*"|\S+)/.exec(line)?.[1];
  return found === undefined ? undefined : decode(unquoteWord(found));
}

function unquoteWord(word: string): string {
  return word.startsWith('"') && word.endsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word;
}

/** decode turns latin1 back into the UTF-8 that the bytes are; plain ASCII, nearly always, is left as it is. */
function decode(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1;
}
