import type { ActionId } from './ids.ts';

/** BuildId is a build ID taken apart at its slashes. */
export type BuildId = {
  /** action is the start of the action ID, 20 base64url characters. */
  readonly action: string;
  /** content is the start of the hash of the content; empty while the compiler runs, when only A is known. */
  readonly content: string;
  /** main is the build ID of the main package in a program: `linkA/mainA/mainB/linkB`. */
  readonly main: { readonly action: string; readonly content: string } | undefined;
};

/**
 * parseBuildId reads a build ID as it stands in an archive, `A/B`, or in a program, `A/mainA/mainB/B`; undefined
 * when it is neither. On a compile line the content is not known yet and A stands for it: `A/A`.
 * cmd/go/internal/work/buildid.go: "Build IDs", go1.26
 */
export function parseBuildId(text: string): BuildId | undefined {
  const parts = text.split('/');
  const [action, second, third, fourth] = parts;
  if (action === undefined || second === undefined || !isHashPart(action)) return undefined;
  if (parts.length === 2) return { action, content: second, main: undefined };
  if (parts.length !== 4 || third === undefined || fourth === undefined) return undefined;
  return { action, content: fourth, main: { action: second, content: third } };
}

/**
 * actionIdPrefix turns the first part of a build ID (20 base64url characters) into the first 30 hex digits of the
 * action ID, which is how the name of its `-a` file begins; undefined for any other text.
 * cmd/internal/buildid: HashToString, go1.26: base64url of the first 15 bytes
 */
export function actionIdPrefix(buildIdFirstPart: string): string | undefined {
  if (!isHashPart(buildIdFirstPart)) return undefined;
  return Buffer.from(buildIdFirstPart, 'base64url').toString('hex');
}

/** buildIdOf gives the first part of the build ID that an action ID leads to: base64url of its first 15 bytes. */
export function buildIdOf(actionId: ActionId): string {
  return Buffer.from(actionId.slice(0, 30), 'hex').toString('base64url');
}

function isHashPart(text: string): boolean {
  return /^[A-Za-z0-9_-]{20}$/.test(text);
}
