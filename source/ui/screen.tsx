import { Box } from 'ink';
import { useMemo } from 'react';
import type { Area } from '../store/layout.ts';
import { leastSize } from '../store/layout.ts';
import { isDrilled, levelOf } from '../store/levels.ts';
import type { Line } from '../store/line.ts';
import { hasSeenBuild } from '../store/live.ts';
import { type PaneId, paneIds } from '../store/pane-id.ts';
import type { AppState } from '../store/state.ts';
import { currentLayout, isRuled } from '../store/window.ts';
import { drawKeys, drawNotice, drawTop } from './edges.ts';
import { Framed, Rows } from './framed.tsx';
import { useLook } from './look-context.ts';
import { drawOverlay, tooSmall } from './overlays.ts';
import { drawBriefs, drawPane, drawSummary } from './panes/draw-pane.ts';
import { paneOf } from './panes/registry.ts';
import { SettingsTable } from './settings-table.tsx';
import type { Look } from './theme.ts';
import { remember, useStore } from './use-store.ts';

/** Screen is everything: exactly as many rows as the terminal has. */
export function Screen() {
  const layout = useStore(useMemo(() => remember(layoutInputs, currentLayout), []));
  const { columns, rows, form, open, closed, noticeRow, keysRow } = layout;
  if (form === 'small') {
    return (
      <Box width={columns} height={rows} flexDirection="column">
        <Rows lines={tooSmall(columns, rows, leastSize)} />
      </Box>
    );
  }
  return (
    <Box width={columns} height={rows} overflowY="hidden">
      <Part area={lineArea(0, columns)} inputs={topInputs} draw={drawTopLine} />
      {paneIds.map((id) => {
        const area = open[id];
        return area === undefined ? null : (
          <OpenPane key={id} id={id} area={area} isOneOfSeveral={form === 'wide'} />
        );
      })}
      {form === 'compact' ? (
        <Part area={lineArea(keysRow - 1, columns)} inputs={all} draw={drawBriefLine} />
      ) : (
        paneIds.map((id) => {
          const row = closed[id];
          return row === undefined ? null : <ClosedPane key={id} id={id} area={lineArea(row, columns)} />;
        })
      )}
      {noticeRow === undefined ? null : (
        <Part area={lineArea(noticeRow, columns)} inputs={noticeInputs} draw={drawNoticeLine} />
      )}
      <Part area={lineArea(keysRow, columns)} inputs={all} draw={drawKeyLine} />
      <OverlayRows />
    </Box>
  );
}

type Draw = (state: AppState, area: Area, look: Look) => readonly Line[];

/** Part draws lines at a place of the screen, again only when its inputs have changed. */
function Part({
  area,
  inputs,
  draw,
}: {
  readonly area: Area;
  readonly inputs: (state: AppState) => readonly unknown[];
  readonly draw: Draw;
}) {
  const look = useLook();
  const { left, top, width, height } = area;
  const select = useMemo(
    () => remember(inputs, (state) => draw(state, { left, top, width, height }, look)),
    [inputs, draw, left, top, width, height, look],
  );
  return <Placed area={area} lines={useStore(select)} />;
}

function OpenPane({
  id,
  area,
  isOneOfSeveral,
}: {
  readonly id: PaneId;
  readonly area: Area;
  readonly isOneOfSeveral: boolean;
}) {
  const look = useLook();
  const { left, top, width, height } = area;
  const select = useMemo(() => {
    const place = { left, top, width, height };
    return remember(
      (state) => openPaneInputs(state, id, look),
      (state) => drawPane(state, id, place, isOneOfSeveral, look),
    );
  }, [id, isOneOfSeveral, left, top, width, height, look]);
  const { frame, lines } = useStore(select);
  const isTable = useStore((state) => isRuled(levelOf(state.screen.panes[id]).view, width - 4));
  return (
    <>
      <Framed area={area} frame={frame} lines={lines} />
      {isTable ? <SettingsTable pane={id} area={area} /> : null}
    </>
  );
}

/** openPaneInputs: what is opened in a pane may be about anything, so that then all of the state counts. */
function openPaneInputs(state: AppState, id: PaneId, look: Look): readonly unknown[] {
  const { screen } = state;
  return screen.panes[id].levels.length > 1
    ? [state]
    : [...paneOf(id).inputs(state, look), screen.panes[id], screen.focus === id, screen.sizes];
}

function ClosedPane({ id, area }: { readonly id: PaneId; readonly area: Area }) {
  const look = useLook();
  const { inputs, draw } = useMemo(
    () => ({
      inputs: (state: AppState) => paneOf(id).inputs(state, look),
      draw: (state: AppState, { width }: Area) => [drawSummary(state, id, width)],
    }),
    [id, look],
  );
  return <Part area={area} inputs={inputs} draw={draw} />;
}

function OverlayRows() {
  const overlay = useStore(useMemo(() => remember(overlayInputs, drawOverlay), []));
  return overlay === undefined ? null : <Framed {...overlay} />;
}

function Placed({ area, lines }: { readonly area: Area; readonly lines: readonly Line[] }) {
  return (
    <Box
      position="absolute"
      left={area.left}
      top={area.top}
      width={area.width}
      height={area.height}
      flexDirection="column"
    >
      <Rows lines={lines} />
    </Box>
  );
}

function lineArea(top: number, width: number): Area {
  return { left: 0, top, width, height: 1 };
}

const drawTopLine: Draw = (state, { width }, look) => [drawTop(state, width, look)];
const drawNoticeLine: Draw = (state, { width }) => [drawNotice(state, width)];
const drawBriefLine: Draw = (state, { width }) => [
  state.screen.notice === undefined ? drawBriefs(state, width) : drawNotice(state, width),
];
const drawKeyLine: Draw = (state, { width }) => [drawKeys(state, width)];

function layoutInputs(state: AppState): readonly unknown[] {
  const { screen } = state;
  return [screen.size, screen.focus, isDrilled(screen), hasSeenBuild(state)];
}

function topInputs({ workspace, build, now }: AppState): readonly unknown[] {
  return [workspace, build?.command, build?.end, Math.floor((now - (build?.startedAt ?? now)) / 1000)];
}

function noticeInputs({ screen, problems }: AppState): readonly unknown[] {
  return [screen.notice, problems];
}

/** overlayInputs are what questions and help are drawn from. */
export function overlayInputs(state: AppState): readonly unknown[] {
  const { screen, build, buildCache, moduleCache, repoint, redownload, recovery, proxy, settings } = state;
  const { dialog, help, size } = screen;
  if (dialog === undefined) return [dialog, help, size];
  return [
    dialog,
    help,
    size,
    build,
    repoint,
    redownload,
    recovery,
    proxy.basis,
    settings,
    screen.whatIf,
    moduleCache,
    buildCache.contents,
    buildCache.totals,
    buildCache.capMeasured,
  ];
}

function all(state: AppState): readonly unknown[] {
  return [state];
}
