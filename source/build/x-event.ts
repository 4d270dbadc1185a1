/**
 * XEvent is one thing that the reader of `-x` found in a go command's output. `objdir` is the folder's name under
 * WORK, as `b003`; `work` is the WORK of the go command where the line tells it, or only one is running.
 * Texts of ours are decoded; `passthrough` keeps the user's bytes as they came, in latin1.
 */
export type XEvent =
  | { readonly type: 'passthrough'; readonly text: string }
  | { readonly type: 'session'; readonly work: string }
  | { readonly type: 'objdir'; readonly objdir: string }
  | {
      readonly type: 'compile';
      readonly objdir: string;
      /** packagePath is `-p`: `main` for every main package. */
      readonly packagePath: string;
      /** buildId is the first part of `-buildid`. */
      readonly buildId: string;
      /** files as on the line, absolute where `directory` was known. */
      readonly files: readonly string[];
      readonly line: string;
    }
  | {
      readonly type: 'tool';
      readonly tool: Tool;
      readonly objdir: string;
      readonly importPath: string | undefined;
      readonly line: string;
    }
  | { readonly type: 'build-id-written'; readonly objdir: string; readonly target: string }
  | {
      readonly type: 'stored';
      readonly objdir: string;
      readonly target: string;
      readonly path: string;
      readonly outputId: string;
      readonly line: string;
    }
  | {
      readonly type: 'document';
      readonly work: string | undefined;
      readonly objdir: string;
      readonly name: string;
      readonly body: string;
    }
  | { readonly type: 'link'; readonly objdir: string; readonly line: string }
  | { readonly type: 'test-run'; readonly objdir: string; readonly line: string }
  | { readonly type: 'program-run'; readonly line: string }
  | { readonly type: 'replay'; readonly path: string; readonly outputId: string; readonly line: string }
  /** get is a line about a module download, as `# get URL` or `# get URL: 200 OK (0.039s)`. */
  | { readonly type: 'get'; readonly line: string }
  /** header is `# p` above what a tool says about a package; the line itself has passed through to the user. */
  | { readonly type: 'header'; readonly name: string; readonly isVet: boolean }
  | { readonly type: 'other'; readonly line: string };

/** Tool is a program that works on one unit, other than its compile and its link. */
export type Tool = 'asm' | 'cgo' | 'cover' | 'vet' | 'pack' | 'c-compiler' | 'other';
