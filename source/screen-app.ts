import { createOutputLog } from './output-log.ts';
import { openOutside } from './outside.ts';
import { createOutputSink } from './platform/output.ts';
import { reasonOf } from './platform/problem.ts';
import { overviewText } from './report/overview.ts';
import { reportText } from './report/text.ts';
import { openSession, type Session } from './session.ts';
import type { AppOptions } from './session-options.ts';
import { needsInspecting } from './store/explorer.ts';
import { needsRecovery } from './store/recovery.ts';
import { type Effect, initialScreen, updateScreen } from './store/screen.ts';
import type { AppState } from './store/state.ts';
import { needsContents } from './store/views/cache-contents.ts';
import { runScreen } from './ui/run.tsx';

/**
 * runOnScreen shows the session on the terminal until the user leaves. The command's own output is kept meanwhile and
 * printed afterwards, so that it stands in the scrollback as without us; a summary follows.
 */
export async function runOnScreen(options: AppOptions): Promise<number> {
  const { command, flags } = options;
  const log = createOutputLog();
  const stdout = createOutputSink(process.stdout, () => undefined);
  const stderr = createOutputSink(process.stderr, () => undefined);
  let answer: Extract<Effect, { type: 'quit' }> | undefined;
  const session: Session = openSession({
    ...options,
    screen: { initial: initialScreen(command !== undefined, { si: flags.isSi }), update: updateScreen },
    watchesOthers: true,
    onEffect,
  });
  const { store } = session;
  let hangUp: NodeJS.Signals | undefined;
  let isOutside = false;
  const release = session.forwardSignals({
    isGroupReached: false,
    // Ctrl-C in an editor is the editor's.
    isIgnored: (signal) => isOutside && signal === 'SIGINT',
    onSignal(signal) {
      hangUp ??= signal;
      if (command === undefined || signal === 'SIGHUP') screen.exit();
    },
  });
  const screen = runScreen({
    store,
    isAscii: flags.isAscii,
    isSi: flags.isSi,
    isLowBandwidth: flags.isLowBandwidth,
  });
  const stopWatching = onTerminalGone(() => {
    hangUp ??= 'SIGHUP';
    session.send('SIGHUP');
    screen.exit();
  });
  const clock = setInterval(tick, clockMs);
  clock.unref();
  void session.scanAll();
  const lookingBack = setTimeout(lookBack, lookBackMs);
  store.subscribe(() => session.operations.examining().look());
  onFirst(needsContents, () => void session.readContents());
  onFirst(needsRecovery, () => {
    const order = { type: 'look', asksNetwork: false } as const;
    void session.operations.recovering().then((recovering) => recovering?.carryOut(order));
  });
  onFirst(needsInspecting, () => {
    void session.operations.inspecting().then((inspecting) => {
      if (inspecting === undefined) return;
      store.subscribe(inspecting.look);
      inspecting.look();
    });
  });
  const building =
    command === undefined ? undefined : session.run({ stdin: 'ignore', isOwnGroup: true, write: keep });

  /** onFirst begins something when the state needs it for the first time. */
  function onFirst(needs: (state: AppState) => boolean, begin: () => void): void {
    const stop = store.subscribe(() => {
      if (!needs(store.getState())) return;
      stop();
      begin();
    });
  }

  /** lookBack tells what runs that were ended left behind, and finishes repairs. */
  function lookBack(): void {
    void session.operations.pruning().then((pruning) => pruning?.look());
    void session.operations.redownloading().then((redownloading) => redownloading?.recover());
    void session.operations.modulePruning().then((pruning) => pruning?.look());
  }

  function onEffect(effect: Effect): void {
    switch (effect.type) {
      case 'quit':
        answer = effect;
        if (effect.build === 'stops') session.send('SIGINT');
        screen.exit();
        return;
      case 'refresh':
        void session.scanAll();
        void session.operations.inspecting().then((inspecting) => inspecting?.forget());
        void session.operations.recovering().then((recovering) => recovering?.lookAgain());
        session.operations.examining().forget();
        return;
      case 'suspend':
        void screen.suspend(stopHere);
        return;
      case 'open':
        void goOutside(effect);
        return;
      case 'prune':
        void session.operations.pruning().then((pruning) => pruning?.prune(effect));
        return;
      case 'prune-modules':
        void session.operations.modulePruning().then((pruning) => pruning?.prune(effect));
        return;
      case 'measure':
        void session.operations.pruning().then((pruning) => pruning?.measure(effect.key, effect.selectors));
        return;
      case 'clean':
        void session.operations.pruning().then((pruning) => pruning?.clean(effect.bytes));
        return;
      case 'check':
        void session.operations.inspecting().then((inspecting) => inspecting?.check(effect.isStart));
        return;
      case 'verify':
        void session.operations.verifying().then((verifying) => {
          if (effect.isStart) verifying?.start(effect.words);
          else verifying?.stop();
        });
        return;
      case 'undo':
        void session.operations.undo();
        return;
      case 'repoint':
        void session.operations.repointing().then((repointing) => repointing?.carryOut(effect.order));
        return;
      case 'recover':
        void session.operations.recovering().then((recovering) => recovering?.carryOut(effect.order));
        return;
      case 'redownload':
        void session.operations
          .redownloading()
          .then((redownloading) => redownloading?.carryOut(effect.order));
        return;
      case 'probe':
        void session.operations.probing().then((probing) => probing?.carryOut(effect.order));
        return;
      case 'apply-settings':
        void session.operations.applying().then((applying) => applying?.apply(effect.changes));
        return;
      case 'fix':
        void session.operations.examining().fix(effect.fix);
        return;
      case 'copy':
        // OSC 52 reaches the clipboard of the terminal, also through SSH.
        void stdout.write(`\x1b]52;c;${Buffer.from(effect.text, 'utf8').toString('base64')}\x07`);
        return;
    }
  }

  async function goOutside({ program, path, isFolder }: Extract<Effect, { type: 'open' }>): Promise<void> {
    let fault: string | undefined;
    isOutside = true;
    try {
      await screen.lend(async () => {
        fault = await openOutside(program, path, isFolder, options.environment);
      });
    } finally {
      isOutside = false;
    }
    if (fault !== undefined) store.dispatch({ type: 'screen', event: { type: 'said', text: fault } });
  }

  function tick(): void {
    const { build, elsewhere } = store.getState();
    const isBuilding = build !== undefined && build.end === undefined;
    if (isBuilding || elsewhere.running.length > 0) store.dispatch({ type: 'clock', now: Date.now() });
  }

  /** keep holds the command's output until the screen is left; afterwards it goes where it belongs. */
  function keep(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> | undefined {
    if (log.isPrinted) return (stream === 'stdout' ? stdout : stderr).write(bytes);
    const text = log.add(stream, bytes);
    store.dispatch({ type: 'output', stream, text });
    return undefined;
  }

  let broken: { readonly error: unknown } | undefined;
  try {
    await screen.exited;
  } catch (error) {
    // A bug of ours must not end the user's command.
    broken = { error };
  } finally {
    stopWatching();
    clearInterval(clock);
    clearTimeout(lookingBack);
    for (const { stream, bytes } of log.print()) await (stream === 'stdout' ? stdout : stderr).write(bytes);
  }
  if (log.droppedBytes > 0)
    await stderr.write(`gocachetop: the first ${log.droppedBytes} bytes of the output were dropped\n`);
  if (broken !== undefined)
    await stderr.write(`gocachetop: internal error: ${describe(broken.error, options.environment)}\n`);
  const isLeft = answer?.build === 'continues' || broken !== undefined;
  if (building !== undefined && store.getState().build?.end === undefined && isLeft) {
    await stderr.write('gocachetop: the build goes on\n');
  }
  const end = await building;
  const said = await session.operations.finish(flags.isSi);
  await session.close();
  release();
  const state = store.getState();
  await stderr.write(command === undefined ? overviewText(state, flags.isSi) : reportText(state, flags.isSi));
  for (const line of said) await stderr.write(line);
  await Promise.all([stdout.flushed(), stderr.flushed()]);
  if (end !== undefined) return end.exitCode;
  if (broken !== undefined) return 1;
  return hangUp === undefined ? 0 : (exitCodes[hangUp] ?? 1);
}

// The first frame comes first: it is there after a fifth of a second.
const lookBackMs = 500;

// While something runs whose age is shown, the clock advances with the frames of a build.
const clockMs = 250;

const exitCodes: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

/** describe is one line, as the launcher says it; all of it with GOCACHETOP_DEBUG. */
function describe(error: unknown, { GOCACHETOP_DEBUG }: AppOptions['environment']): string {
  const stack = error instanceof Error ? error.stack : undefined;
  return GOCACHETOP_DEBUG && stack !== undefined ? stack : reasonOf(error).replace(/\s*\n\s*/g, ' ');
}

/**
 * onTerminalGone calls `leave` when the terminal can no longer be read: where a parent keeps SIGHUP from us, as a
 * shell with a trap does, that is all that tells of a closed window.
 */
function onTerminalGone(leave: () => void): () => void {
  const events = ['end', 'error', 'close'] as const;
  for (const event of events) process.stdin.on(event, leave);
  return () => {
    for (const event of events) process.stdin.off(event, leave);
  };
}

/** stopHere stops this process as Ctrl-Z does and resolves when the shell continues it. */
function stopHere(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGCONT', () => resolve());
    // The group, as the terminal would: under a launcher of another Node there is a parent to stop, too.
    process.kill(0, 'SIGTSTP');
  });
}
