import type { OutputLine, OutputTail } from './state.ts';

/** OutputPiece is a piece of the build's own output, cut anywhere. */
export type OutputPiece = { readonly stream: OutputLine['stream']; readonly text: string };

// tailLimit bounds what the screen keeps of a build's own output; the whole is printed after leaving.
const tailLimit = 5000;

/** applyOutput adds pieces to the tail: a line that is not complete yet goes on with the next piece of its stream. */
export function applyOutput(tail: OutputTail, pieces: readonly OutputPiece[]): OutputTail {
  const lines = [...tail.lines];
  for (const { stream, text } of pieces) {
    const texts = text.split('\n');
    for (const [index, line] of texts.entries()) {
      const isComplete = index < texts.length - 1;
      const last = lines.at(-1);
      const goesOn = index === 0 && last?.stream === stream && !last.isComplete;
      if (goesOn) lines[lines.length - 1] = { stream, text: last.text + line, isComplete };
      else if (isComplete || line !== '') lines.push({ stream, text: line, isComplete });
    }
  }
  const excess = Math.max(0, lines.length - tailLimit);
  return { lines: excess === 0 ? lines : lines.slice(excess), dropped: tail.dropped + excess };
}
