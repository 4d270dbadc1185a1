import { afterEach, describe, expect, test } from 'vitest';
import type { AppState } from '../../source/store/state.ts';
import { apply, begin, goCommand, start } from '../store/state.ts';
import { busyBuild, largeBuild } from './builds.ts';
import { type OpenScreen, openScreen } from './open-screen.ts';

const wide = { columns: 120, rows: 40 };
const usual = { columns: 80, rows: 24 };
const small = { columns: 40, rows: 12 };

const opened: OpenScreen[] = [];

async function open(state: AppState, options?: Parameters<typeof openScreen>[1]): Promise<OpenScreen> {
  const screen = await openScreen(state, options);
  opened.push(screen);
  return screen;
}

afterEach(async () => {
  for (const screen of opened.splice(0)) {
    screen.running.exit();
    await screen.running.exited.catch(() => undefined);
    screen.store.close();
  }
});

describe('what is on screen', () => {
  test('120x40 shows all panes together', async () => {
    const screen = await open(busyBuild(wide));
    const [first, second] = screen.lines();
    expect(first).toMatch(/gocachetop {3}go build \.\/\.\.\. {3}0:03 {3}running .* go1\.26\.8 linux\/amd64$/);
    expect(second).toContain('1 build');
    expect(screen.text()).toContain('2 GOCACHE');
    expect(screen.text()).toContain('3 GOMODCACHE');
    expect(screen.text()).toContain('4 proxy chain');
    expect(screen.text()).toMatch(/net\/http +2\.1 s .*\+ fmt +0\.8 s/);
    expect(screen.lines().at(-1)).toContain('? help');
  });

  test('80x24 shows one, and the others in a line each', async () => {
    const screen = await open(busyBuild(usual));
    expect(screen.text()).toMatch(/^┌ 1 build/m);
    expect(screen.text()).toMatch(/^ 2 GOCACHE/m);
    expect(screen.text()).toMatch(/^ 4 proxy chain +https:\/\/a\.example, /m);
  });

  test('40x12 shows one, and the others in one line', async () => {
    const screen = await open(busyBuild(small));
    expect(screen.text()).toMatch(/^┌ 1 build/m);
    expect(screen.lines().at(-2)).toMatch(/^ 2 cache .*3 mod /);
    expect(screen.lines().at(-1)).toContain('q quit');
  });

  test('30x8 says what it needs', async () => {
    const screen = await open(busyBuild({ columns: 30, rows: 8 }));
    expect(screen.text().replace(/\s+/g, ' ')).toContain('terminal too small (30x8), needs 40x12');
  });

  test('a path of CJK and emoji takes its cells: the borders stand in one column', async () => {
    const screen = await open(busyBuild(usual));
    await screen.type('\r');
    await screen.until('店/価格');
    await screen.until('🛒');
    const edges = screen
      .lines()
      .flatMap((_, row) => (screen.cell(0, row).char === '│' ? [screen.cell(79, row).char] : []));
    expect(edges.length).toBeGreaterThan(10);
    expect(new Set(edges)).toEqual(new Set(['│']));
  });

  test('--ascii has ASCII alone, but for names of the user', async () => {
    const screen = await open(busyBuild(wide), { isAscii: true });
    for (const keys of ['', '\r', '\x1b[B', '?']) {
      if (keys !== '') await screen.type(keys);
      expect(screen.text().replaceAll(/[店価格🛒]/gu, '')).toMatch(/^[\x20-\x7e\n]+$/);
    }
  });

  test('--ascii has ASCII alone in the table of settings too', async () => {
    const screen = await open(busyBuild(wide), { isAscii: true });
    await screen.type('2');
    await screen.type('e');
    await screen.until('GOPRIVATE');
    expect(screen.text()).toMatch(/^[\x20-\x7e\n]+$/);
  });

  test('the row of the cursor has a sign, besides its colours', async () => {
    const screen = await open(busyBuild(usual));
    await screen.type('\r');
    expect(screen.lines().filter((line) => line.includes('▸'))).toHaveLength(1);
    const before = screen.lines().findIndex((line) => line.includes('▸'));
    await screen.type('j');
    expect(screen.lines().findIndex((line) => line.includes('▸'))).toBe(before + 1);
  });

  test('rules of the settings meet when a value has wide characters', async () => {
    const screen = await open(
      apply(begin(goCommand, wide), [
        {
          type: 'settings',
          settings: [
            {
              name: 'GOCACHE',
              value: '/home/地鼠/缓存',
              origin: 'environment',
              shadows: [],
              derivedFrom: undefined,
            },
            { name: 'GOFLAGS', value: '-race', origin: 'environment', shadows: [], derivedFrom: undefined },
          ],
          gocache: '/home/地鼠/缓存',
          gomodcache: '/m',
          chain: { hops: [], problem: undefined } as never,
          sumdb: undefined,
        },
      ]),
    );
    await screen.type('2');
    await screen.type('e');
    await screen.until('/home/地鼠/缓存');
    const rulesOf = (text: string): readonly number[] => {
      const row = screen.lines().findIndex((line) => line.includes(text));
      return Array.from({ length: wide.columns }, (_, x) => x).filter(
        (x) => screen.cell(x, row).char === '│',
      );
    };
    expect(rulesOf('GOFLAGS').length).toBeGreaterThan(3);
    expect(rulesOf('地鼠')).toEqual(rulesOf('GOFLAGS'));
  });
});

describe('keys', () => {
  test('several typed at once all count, in their order', async () => {
    const screen = await open(busyBuild(usual));
    await screen.type('\r');
    await screen.type('jjjk');
    const rows = screen.lines().filter((line) => /^│/.test(line));
    expect(rows.findIndex((line) => line.includes('▸'))).toBe(3);
  });

  test('a filter takes what is typed, also names of keys', async () => {
    const screen = await open(busyBuild(usual));
    await screen.type('/');
    await screen.type('net/q');
    await screen.until('/net/q');
    await screen.type('\x7f');
    await screen.until('net/http');
    await screen.type('\r');
    expect(screen.text()).toMatch(/\/net\/ .*1 of \d+/);
  });

  test('Esc and a key that come in one read both count', async () => {
    const screen = await open(busyBuild(usual));
    await screen.type('\r');
    await screen.until('packages');
    await screen.type('\x1b2');
    await screen.until(/^┌ 2 GOCACHE/m);
    await screen.type('1');
    await screen.until(/^┌ 1 build ─/m);
  });

  test('shift-tab, page keys and Ctrl-C arrive', async () => {
    const screen = await open(busyBuild(usual));
    await screen.type('\x1b[Z');
    await screen.until(/^┌ 4 proxy chain/m);
    await screen.type('\x03');
    await screen.until('Does it go on?');
    await screen.type('\x1b');
    expect(screen.text()).not.toContain('Does it go on?');
  });

  test('a list of 10,000 is paged through to its end', async () => {
    const screen = await open(largeBuild(usual, 10_000));
    await screen.type('\r');
    await screen.type('s');
    await screen.type('G');
    expect(screen.lines().filter((line) => /example\.com\/large\//.test(line)).length).toBeGreaterThan(10);
    await screen.type('\x1b[5~\x1b[5~');
    expect(screen.lines().filter((line) => line.includes('▸'))).toHaveLength(1);
  });
});

describe('the terminal', () => {
  test('nothing is written while nothing changes', async () => {
    const screen = await open(busyBuild(wide));
    const before = screen.bytes();
    await screen.dispatch({ type: 'clock', now: start + 3100 });
    expect(screen.bytes()).toBe(before);
    await screen.dispatch({ type: 'clock', now: start + 5100 });
    expect(screen.bytes()).toBeGreaterThan(before);
  });

  test('it can be made smaller and larger, and is drawn whole each time', async () => {
    const screen = await open(busyBuild(wide));
    for (const [columns, rows] of [
      [80, 24],
      [40, 12],
      [30, 8],
      [120, 40],
      [60, 16],
      [200, 50],
    ] as const) {
      await screen.resize(columns, rows);
      const fresh = await open(busyBuild({ columns, rows }));
      expect(screen.lines()).toEqual(fresh.lines());
    }
  });

  test('it is as it was after exit', async () => {
    const screen = await open(busyBuild(wide));
    expect(screen.isAlternate()).toBe(true);
    expect(screen.isRaw()).toBe(true);
    expect(screen.isCursorVisible()).toBe(false);
    screen.running.exit();
    await screen.running.exited;
    await screen.settled();
    expect(screen.isAlternate()).toBe(false);
    expect(screen.isRaw()).toBe(false);
    expect(screen.isCursorVisible()).toBe(true);
    expect(await screen.leftModes()).toEqual([]);
  });

  test('it is as it was while suspended, and all is drawn again', async () => {
    const screen = await open(busyBuild(wide));
    const before = screen.lines();
    let meanwhile: { isAlternate: boolean; isRaw: boolean; isCursorVisible: boolean } | undefined;
    await screen.running.suspend(async () => {
      await screen.settled();
      meanwhile = {
        isAlternate: screen.isAlternate(),
        isRaw: screen.isRaw(),
        isCursorVisible: screen.isCursorVisible(),
      };
    });
    await screen.settled();
    expect(meanwhile).toEqual({ isAlternate: false, isRaw: false, isCursorVisible: true });
    expect(screen.lines()).toEqual(before);
    await screen.type('2');
    await screen.until(/┏ 2 GOCACHE/);
    expect(screen.isCursorVisible()).toBe(false);
  });

  test('a broken drawing rejects, after the terminal was restored', async () => {
    const screen = await open(busyBuild(wide));
    const broken = new Error('broken on purpose');
    screen.store.dispatch({
      type: 'workspace',
      workspace: {
        get cwd(): string {
          throw broken;
        },
        goVersion: undefined,
        goos: undefined,
        goarch: undefined,
      },
    });
    screen.store.flush();
    await expect(screen.running.exited).rejects.toBe(broken);
    await screen.settled();
    expect(screen.isAlternate()).toBe(false);
    expect(screen.isRaw()).toBe(false);
    expect(screen.isCursorVisible()).toBe(true);
  });

  test('a screen reader gets the focused pane as text without borders', async () => {
    const screen = await open(busyBuild(usual), { isScreenReader: true });
    expect(screen.text()).toContain('compiling now');
    expect(screen.text()).not.toMatch(/[│┌┃█▒░]/);
    const before = screen.bytes();
    await screen.dispatch({ type: 'clock', now: start + 9000 });
    await screen.dispatch({ type: 'clock', now: start + 9900 });
    // The first change may be told; the next waits.
    const told = screen.bytes();
    await screen.dispatch({ type: 'clock', now: start + 30_000 });
    expect(screen.bytes()).toBe(told);
    expect(told).toBeGreaterThanOrEqual(before);
  });
});
