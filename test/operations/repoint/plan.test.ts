import { describe, expect, test } from 'vitest';
import type { RepointStart } from '../../../source/operations/repoint/facts.ts';
import { formatFinding } from '../../../source/operations/repoint/finding.ts';
import { planRepoint } from '../../../source/operations/repoint/plan.ts';
import { factsOf } from './facts.ts';

test('where nothing is wrong every start is possible, and says what it takes', () => {
  for (const start of ['empty', 'copy', 'link', 'rename'] as const) {
    const plan = planRepoint(factsOf(), start);
    expect(plan).toMatchObject({ isPossible: true, isDone: false, findings: [] });
    expect(plan.taken.entries).toBe(start === 'empty' ? 0 : 9000);
    expect(plan.freeAfter).toBe(start === 'copy' ? 40e9 - 1.1e9 : 40e9);
    expect(plan.command).toEqual(['go', 'env', '-w', 'GOCACHE=/big/gocache']);
  }
});

type Row = readonly [Parameters<typeof factsOf>[0], RepointStart, string];

describe('what stops it', () => {
  test.each<Row>([
    [{ asked: 'gocache' }, 'empty', 'not-absolute'],
    [{ asked: '~/gocache' }, 'empty', 'not-absolute'],
    [{ asked: '/big/go\ncache' }, 'empty', 'bad-name'],
    [{ target: { state: 'broken', fault: 'it is a file' } }, 'empty', 'not-a-folder'],
    [{ target: { state: 'foreign', foreignNames: ['a.txt'] } }, 'empty', 'foreign-files'],
    [{ target: { unwritable: 'EACCES: permission denied' } }, 'empty', 'not-writable'],
    [{ target: { fileSystem: 'nfs4' } }, 'empty', 'network'],
    [{ target: { fileSystem: 'cifs' } }, 'empty', 'network'],
    [{ target: { fileSystem: '9p' } }, 'empty', 'network'],
    [{ target: { fileSystem: 'fuse.sshfs' } }, 'empty', 'network'],
    [{ target: { freeBytes: 4096 } }, 'empty', 'full'],
    [{ target: { within: [{ what: 'main module', folder: '/big' }] } }, 'empty', 'in-module'],
    [{ target: { within: [{ what: 'GOCACHE', folder: '/big' }] } }, 'empty', 'in-gocache'],
    [{ target: { within: [{ what: 'GOMODCACHE', folder: '/big' }] } }, 'empty', 'in-gomodcache'],
    [{ target: { within: [{ what: 'GOROOT', folder: '/big' }] } }, 'empty', 'in-goroot'],
    [{ setting: { shadow: { value: '/x', places: [], lines: [] } } }, 'empty', 'shadowed'],
    [{ setting: { file: '' } }, 'empty', 'goenv-off'],
    [{ setting: { unwritable: 'EROFS' } }, 'empty', 'goenv-unwritable'],
    [{ target: { freeBytes: 1.05e9 } }, 'copy', 'no-room'],
    [{ from: { isThere: false } }, 'copy', 'nothing-there'],
    [{ target: { isSameFileSystem: false } }, 'link', 'other-file-system'],
    [{ target: { isSameFileSystem: false } }, 'rename', 'other-file-system'],
    [{ target: { state: 'cache' } }, 'rename', 'occupied'],
    [{ from: { isLink: true } }, 'rename', 'source-is-link'],
    [{ from: { isMountPoint: true } }, 'rename', 'source-is-mount'],
    [{ from: { heldBatches: 1 } }, 'rename', 'held'],
    [{ from: { users: [{ pid: 7, command: ['go', 'test', './...'] }] } }, 'rename', 'in-use'],
  ])('%j, %s: %s', (change, start, code) => {
    const plan = planRepoint(factsOf(change), start);
    expect(plan.isPossible).toBe(false);
    expect(plan.findings[0]).toMatchObject({ code, severity: 'error' });
    expect(formatFinding(plan.findings[0] ?? never())).toMatch(/^\S.*: .+: .+$/s);
  });
});

describe('what is only to be known', () => {
  test.each<Row>([
    [{ target: { fileSystem: 'tmpfs' } }, 'empty', 'memory'],
    [{ target: { fileSystem: 'overlay' } }, 'empty', 'container'],
    [{ target: { fileSystem: 'fuse.unionfs' } }, 'empty', 'fuse'],
    [{ target: { freeBytes: 5e8 } }, 'empty', 'small'],
    [{ target: { owner: 'other' } }, 'empty', 'not-yours'],
    [{ target: { owner: 'everybody' } }, 'empty', 'not-yours'],
    [{ target: { within: [{ what: 'GOPATH', folder: '/big' }] } }, 'empty', 'in-gopath'],
    [{ target: { within: [{ what: 'module', folder: '/big' }] } }, 'empty', 'in-other-module'],
    [{ target: { within: [{ what: 'temporary', folder: '/tmp' }] } }, 'empty', 'temporary'],
    [{ setting: { gocacheprog: 'prog' } }, 'empty', 'gocacheprog'],
    [{ from: { foreignFiles: 2 } }, 'copy', 'foreign-left'],
    [{ from: { users: undefined } }, 'rename', 'unseen'],
  ])('%j, %s: %s', (change, start, code) => {
    const plan = planRepoint(factsOf(change), start);
    expect(plan.isPossible).toBe(true);
    expect(plan.findings).toMatchObject([{ code, severity: 'warning' }]);
  });

  test('a file system that is not known says nothing against it', () => {
    const facts = factsOf({ target: { fileSystem: undefined, freeBytes: undefined } });
    expect(planRepoint(facts, 'copy')).toMatchObject({ findings: [], freeAfter: undefined });
  });
});

test('an error stands before a warning', () => {
  const facts = factsOf({ target: { fileSystem: 'tmpfs', unwritable: 'EACCES' } });
  const findings = planRepoint(facts, 'empty').findings.map(({ severity }) => severity);
  expect(findings).toEqual(['error', 'warning']);
});

test('GOCACHE itself is nothing to do, whatever else is said of it', () => {
  const facts = factsOf({ target: { isSameFolder: true, state: 'cache', fileSystem: 'nfs4' } });
  expect(planRepoint(facts, 'rename')).toMatchObject({ isDone: true, isPossible: true, findings: [] });
});

test('a shadow names its place and the lines that end it', () => {
  const shadow = {
    value: '/x',
    places: [{ at: '~/.bashrc:12', text: 'export GOCACHE=/x' }],
    lines: ['unset GOCACHE', 'export GOCACHE=/big/gocache'],
  };
  const [finding] = planRepoint(factsOf({ setting: { shadow } }), 'empty').findings;
  expect(formatFinding(finding ?? never())).toBe(
    'GOCACHE=/x: set in the environment: an environment variable counts before go env -w, set by ~/.bashrc:12: export GOCACHE=/x (unset GOCACHE; export GOCACHE=/big/gocache)',
  );
});

function never(): never {
  throw new Error('there is no finding');
}
