import type {
  RepointFacts,
  SettingFacts,
  SourceFacts,
  TargetFacts,
} from '../../../source/operations/repoint/facts.ts';

/** factsOf are those of a move from a cache of 1 GB to a folder to be made on the same disk, where nothing is wrong. */
export function factsOf(
  change: {
    readonly asked?: string;
    readonly from?: Partial<SourceFacts>;
    readonly target?: Partial<TargetFacts>;
    readonly setting?: Partial<SettingFacts>;
  } = {},
): RepointFacts {
  const { asked = '/big/gocache' } = change;
  return {
    asked,
    to: asked.startsWith('/') ? asked : `/home/gopher/${asked}`,
    from: {
      path: '/home/gopher/.cache/go-build',
      entries: 9000,
      bytes: 1e9,
      diskBytes: 1.1e9,
      isThere: true,
      isLink: false,
      isMountPoint: false,
      foreignFiles: 0,
      users: [],
      heldBatches: 0,
      ...change.from,
    },
    target: {
      state: 'missing',
      fault: undefined,
      foreignNames: [],
      entries: 0,
      bytes: 0,
      unwritable: undefined,
      isSameFolder: false,
      isSameFileSystem: true,
      fileSystem: 'ext4',
      freeBytes: 40e9,
      within: [],
      owner: undefined,
      ...change.target,
    },
    setting: {
      file: '/home/gopher/.config/go/env',
      before: undefined,
      unwritable: undefined,
      shadow: undefined,
      gocacheprog: '',
      ...change.setting,
    },
  };
}
