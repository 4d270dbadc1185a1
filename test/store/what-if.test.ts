import { describe, expect, test } from 'vitest';
import { indexNeeds } from '../../source/operations/module-needs/needs.ts';
import { selectDialog } from '../../source/store/dialog.ts';
import { levelOf } from '../../source/store/levels.ts';
import { textOf } from '../../source/store/line.ts';
import { layoutPage } from '../../source/store/page-lines.ts';
import { settingCommand } from '../../source/store/setting-command.ts';
import type { AppState } from '../../source/store/state.ts';
import { views } from '../../source/store/views/registry.ts';
import { triedSettings } from '../../source/store/what-if.ts';
import { apply, basis, begin, press } from './state.ts';

/** linesOf is the open view of the proxy pane as text. */
function linesOf(state: AppState, width = 90): readonly string[] {
  const level = levelOf(state.screen.panes.proxy);
  const view = views[level.view];
  if (view.kind !== 'page') throw new Error(`${level.view} is no page`);
  return layoutPage(view.items(state, level, width), width).map(({ line }) => textOf(line).trimEnd());
}

const textAt = (state: AppState, width?: number): string => linesOf(state, width).join('\n');

/** withModules has a go.mod here that needs three modules. */
function withModules(): AppState {
  const file = '/home/gopher/shop/go.mod';
  const modules = ['corp.example/lib', 'github.com/google/uuid', 'golang.org/x/text'];
  const needs = indexNeeds([
    {
      root: { file, folder: '/home/gopher/shop', modules: ['example.com/shop'] },
      needs: [],
      selected: modules.map((path) => ({ path, version: 'v1.0.0' })),
      toolchain: undefined,
      missing: [],
    },
  ]);
  return apply(begin(), [{ type: 'module-needs', needs }]);
}

/** type presses each letter. */
const type = (text: string): readonly string[] => [...text];

/** tried is the what-if view with GOPRIVATE typed. */
function tried(value: string): AppState {
  return press(withModules(), '4', 'W', 'down', 'down', 'down', 'enter', ...type(value)).state;
}

describe('what if', () => {
  test('routes and the modules of the go.mod follow as one types, and nothing is done', () => {
    const before = press(withModules(), '4', 'W').state;
    expect(textAt(before)).toMatch(/3 modules of go\.mod/);
    expect(textAt(before)).toMatch(/! corp\.example\/lib@v1\.0\.0 +a\.example\.com/);
    const after = press(before, 'down', 'down', 'down', 'enter', ...type('corp.example'));
    expect(after.effects).toEqual([]);
    expect(textAt(after.state)).toMatch(/› GOPRIVATE +corp\.example/);
    expect(textAt(after.state)).toMatch(/3 modules of go\.mod +1 would change/);
    expect(textAt(after.state)).toMatch(
      /\* corp\.example\/lib@v1\.0\.0 +a\.example\.com, sumdb +› direct, no sumdb/,
    );
    // One letter less, and it is told outside again.
    const less = press(after.state, 'backspace').state;
    expect(textAt(less)).toMatch(/0 would change/);
  });

  test('enter keeps what was typed, esc takes it back, the present value is no change', () => {
    const kept = press(tried('corp.example'), 'enter').state;
    expect(kept.screen.whatIf).toEqual({ values: { GOPRIVATE: 'corp.example' }, editing: undefined });
    const again = press(kept, 'enter', ...type('/x'), 'escape').state;
    expect(again.screen.whatIf.values).toEqual({ GOPRIVATE: 'corp.example' });
    const none = press(kept, 'enter', 'ctrl+u', 'enter').state;
    expect(none.screen.whatIf.values).toEqual({});
  });

  test('letters that are keys elsewhere are letters here', () => {
    const state = tried('qAzW1?/');
    expect(state.screen.whatIf.values).toEqual({ GOPRIVATE: 'qAzW1?/' });
    expect([state.screen.help, state.screen.dialog, state.screen.focus]).toEqual([
      undefined,
      undefined,
      'proxy',
    ]);
    expect(press(state, 'ctrl+c').effects).toMatchObject([{ type: 'quit' }]);
  });

  test('a password is never on screen, and still there when its entry is kept', () => {
    const state = press(withModules(), '4', 'W', 'down', 'enter', ...type(',off')).state;
    expect(textAt(state, 200)).not.toContain('sesame');
    expect(textAt(state, 200)).toContain('user:xxxxx@a.example.com');
    expect(triedSettings(state)?.goproxy).toBe(
      'https://user:sesame@a.example.com,https://b.example.com|direct,off',
    );
    expect(settingCommand(state)?.shown).not.toContain('sesame');
    // Its entry gone, the password is gone.
    const other = press(withModules(), '4', 'W', 'down', 'enter', 'ctrl+u', ...type('direct')).state;
    expect(triedSettings(other)?.goproxy).toBe('direct');
  });

  test('what follows GOPRIVATE follows what is tried, until it is given a value', () => {
    expect(triedSettings(tried('corp.example'))).toMatchObject({
      gonoproxy: 'corp.example',
      gonosumdb: 'corp.example',
    });
    const own = press(tried('corp.example'), 'enter', 'up', 'enter', ...type('none'), 'enter').state;
    expect(triedSettings(own)).toMatchObject({ gonoproxy: 'none', gonosumdb: 'corp.example' });
    expect(textAt(own)).toMatch(/\* GONOPROXY +none/);
  });
});

describe('the route of a module', () => {
  const open = (asked: string): AppState => press(withModules(), '4', 'R', ...type(asked), 'enter').state;

  test('is drawn without asking anybody, and warns before a private name is told outside', () => {
    const change = press(withModules(), '4', 'R', ...type('corp.example/lib@v1.0.0'), 'enter');
    expect(change.effects).toEqual([]);
    const text = textAt(change.state);
    expect(text).toMatch(/! looks private: the host corp\.example is not public/);
    expect(text).toMatch(/1 https:\/\/user:xxxxx@a\.example\.com +outside/);
    expect(text).not.toContain('sesame');
  });

  test('W tries the pattern that keeps it in', () => {
    const state = press(open('corp.example/lib'), 'W').state;
    expect(state.screen.whatIf.values).toEqual({ GOPRIVATE: 'corp.example' });
    expect(textAt(state)).toMatch(/then +direct: asks https:\/\/corp\.example\/lib\?go-get=1/);
  });

  test('what is no module path is said in Go’s words', () => {
    expect(textAt(open('nodot/x'))).toContain(
      'malformed module path "nodot/x": missing dot in first path element',
    );
  });

  test('r asks, esc stops it and then goes back', () => {
    const asking = press(open('github.com/google/uuid'), 'r');
    expect(asking.effects).toMatchObject([{ type: 'probe', order: { type: 'route' } }]);
    const [effect] = asking.effects;
    if (effect?.type !== 'probe' || effect.order.type !== 'route') throw new Error('r asked nothing');
    const { plan } = effect.order;
    const next = {
      purpose: 'info',
      url: 'https://a.example.com/x',
      shown: 'https://a.example.com/x',
      hop: 0,
      entry: 'https://a.example.com',
      isInsecure: false,
      maxBytes: 1,
    } as const;
    const route = { plan, version: undefined, steps: [], next, end: undefined };
    const key = `${plan.question.module}@${plan.question.query} ${JSON.stringify(plan.settings)}`;
    const running = apply(asking.state, [
      { type: 'probe', event: { type: 'route', key, route, answer: undefined } },
    ]);
    expect(textAt(running)).toMatch(/› 1 https.* asking/);
    const stopped = press(running, 'escape');
    expect(stopped.effects).toEqual([{ type: 'probe', order: { type: 'stop' } }]);
    expect(levelOf(stopped.state.screen.panes.proxy).view).toBe('route');
    const over = apply(stopped.state, [
      { type: 'probe', event: { type: 'route-ended', key, wasStopped: true } },
    ]);
    expect(textAt(over)).toContain('stopped: what follows was not asked');
    expect(levelOf(press(over, 'escape').state.screen.panes.proxy).view).toBe('proxy');
  });

  test('opens from a module version in GOMODCACHE', () => {
    const state = press(
      apply(begin(), [
        {
          type: 'module-cache-versions',
          versions: [
            {
              path: 'github.com/google/uuid',
              version: 'v1.6.0',
              state: 'complete',
              kinds: ['zip'],
              zipBytes: 5,
              hasDir: true,
              dirBytes: 5,
              files: 1,
              metadataBytes: 0,
              usedAt: undefined,
            },
          ],
        },
      ]),
      '3',
      'enter',
      'enter',
      'R',
    ).state;
    const level = levelOf(state.screen.panes.proxy);
    expect([state.screen.focus, level.view, level.subject]).toEqual([
      'proxy',
      'route',
      expect.stringMatching(/^github\.com\/google\/uuid/),
    ]);
  });
});

describe('apply', () => {
  test('asks first, with No as the default, and copies the command', () => {
    const asking = press(tried('corp.example/*'), 'enter', 'A').state;
    const dialog = selectDialog(asking);
    expect(dialog?.choices.map(({ title }) => title)).toEqual(['No', 'Yes']);
    expect(dialog?.lines.join('\n')).toContain("go env -w 'GOPRIVATE=corp.example/*'");
    expect(dialog?.lines.join('\n')).toContain('1 of 3 modules of the go.mod here would go another way');
    expect(press(asking, 'enter').effects).toEqual([]);
    expect(press(asking, 'y').effects).toEqual([
      { type: 'copy', text: "go env -w 'GOPRIVATE=corp.example/*'" },
    ]);
    expect(press(asking, 'right', 'enter').effects).toEqual([
      { type: 'apply-settings', changes: [{ name: 'GOPRIVATE', value: 'corp.example/*' }] },
    ]);
  });

  test('warns where the environment shadows it', () => {
    const state = press(tried('corp.example'), 'enter', 'A').state;
    const settings = [
      {
        name: 'GOPRIVATE',
        value: 'env.example',
        origin: 'environment',
        shadows: [],
        derivedFrom: undefined,
      } as const,
    ];
    expect(selectDialog({ ...state, settings })?.lines.join('\n')).toMatch(
      /! no effect: the environment has GOPRIVATE=env\.example/,
    );
  });

  test.each<[string, AppState, RegExp]>([
    [
      'a password',
      press(withModules(), '4', 'W', 'down', 'enter', ...type(',off'), 'enter', 'A').state,
      /GOPROXY has a password/,
    ],
    [
      'GOENV=off',
      {
        ...press(tried('x.example'), 'enter', 'A').state,
        proxy: { ...begin().proxy, basis: { ...basis, goenv: '' } },
      },
      /no effect with GOENV=off/,
    ],
  ])('is refused with %s', (_, state, words) => {
    const dialog = selectDialog(state);
    expect(dialog?.lines.join('\n')).toMatch(words);
    expect(dialog?.choices.map(({ title }) => title)).toEqual(['Close']);
  });
});
