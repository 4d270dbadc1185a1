import { createOutputSink, type OutputSink } from './platform/output.ts';
import { formatProblem } from './platform/problem.ts';
import { reportJson } from './report/json.ts';
import { overviewJson, overviewText } from './report/overview.ts';
import { createEventStream } from './report/stream.ts';
import { reportText } from './report/text.ts';
import { openSession, type Session } from './session.ts';
import type { AppOptions } from './session-options.ts';

/** runPlain does the same as the screen without one: the command's output as it comes, then a report. */
export async function runPlain(options: AppOptions): Promise<number> {
  const { flags, command } = options;
  const isJson = flags.isJson || flags.isJsonStream;
  const session = openSession(options);
  const sinks = openSinks(session);
  const streamEvents = flags.isJsonStream ? createEventStream() : undefined;
  if (streamEvents !== undefined) {
    session.store.subscribe(() => void sinks.stdout.write(streamEvents(session.store.getState()).join('')));
  }
  if (command === undefined) {
    await session.scanAll();
    await session.close();
    const state = session.store.getState();
    await say(
      sinks.stdout,
      isJson ? `${JSON.stringify(overviewJson(state))}\n` : overviewText(state, flags.isSi),
    );
    return state.problems.length > 0 ? 1 : 0;
  }
  const release = session.forwardSignals({ isGroupReached: process.stdin.isTTY === true });
  const end = await session.run({
    stdin: 'inherit',
    isOwnGroup: false,
    // Stdout belongs to the JSON object then; the command's goes to stderr.
    write: (stream, bytes) => (stream === 'stdout' && !isJson ? sinks.stdout : sinks.stderr).write(bytes),
  });
  await session.close();
  release();
  const state = session.store.getState();
  if (isJson) {
    for (const problem of state.problems) await say(sinks.stderr, `gocachetop: ${formatProblem(problem)}\n`);
    if (streamEvents !== undefined) await say(sinks.stdout, streamEvents(state).join(''));
    await say(sinks.stdout, `${JSON.stringify(reportJson(state))}\n`);
  } else await say(sinks.stderr, reportText(state, flags.isSi));
  return end.exitCode;
}

/** runScreen opens the screen; it returns when the user has left it and the command, if any, has ended. */
export async function runScreen(options: AppOptions): Promise<number> {
  const { runOnScreen } = await import('./screen-app.ts');
  return runOnScreen(options);
}

/** openSinks: a reader of ours that goes away takes the command's stream with it, as without us. */
function openSinks(session: Session): { readonly stdout: OutputSink; readonly stderr: OutputSink } {
  return {
    stdout: createOutputSink(process.stdout, () => session.closeOutput('stdout')),
    stderr: createOutputSink(process.stderr, () => session.closeOutput('stderr')),
  };
}

async function say(sink: OutputSink, text: string): Promise<void> {
  await sink.write(text);
  await sink.flushed();
}
