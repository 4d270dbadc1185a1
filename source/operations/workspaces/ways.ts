/** ways are the ways to give several workspaces their modules, in the order of the table. */
export const ways = ['own', 'shared', 'symlink', 'overlayfs', 'file proxy'] as const;

export type Way = (typeof ways)[number];

/** WayMeasured is one way, set up for real and used by two workspaces. */
export type WayMeasured = {
  readonly way: Way;
  /** notMeasured is why it could not be set up; undefined when it was. */
  readonly notMeasured: string | undefined;
  /** startsFrom: `empty`, or the folder that the shared way has filled before. */
  readonly startsFrom: 'empty' | 'shared folder';
  /** diskBytes is all that lies on disk in the end, the shared folder included where it is used. */
  readonly diskBytes: number | undefined;
  /** durationsMs are how long each workspace took until go had all it needs, in their order. */
  readonly durationsMs: readonly number[];
  /** poisonReaches: a source file that one workspace changed is compiled by the other; undefined without a common module. */
  readonly poisonReaches: boolean | undefined;
  /** cleanReaches: after go clean -modcache in one workspace the other has lost its modules. */
  readonly cleanReaches: boolean | undefined;
};

/** isolates says in words what a way keeps apart. */
export function isolates(way: Way): string {
  switch (way) {
    case 'own':
      return 'all: downloads, extracted modules, cleaning';
    case 'shared':
      return 'nothing; go locks each module, so that builds may run at once';
    case 'symlink':
      return 'nothing: it is the shared folder under another name; go clean -modcache removes the link';
    case 'overlayfs':
      return 'what is written, from then on; what is changed below reaches all';
    case 'file proxy':
      return 'all that it has taken: zips are copied, and compared with go.sum';
  }
}
