import type { UnitRecord } from '../build/unit.ts';
import type { AppState } from '../store/state.ts';
import { packageJson } from './json.ts';

/**
 * createEventStream returns what `--json-stream` prints after each frame: a line for each package, download and write
 * that is new or changed since the last one. The final object is not its part.
 */
export function createEventStream(): (state: AppState) => readonly string[] {
  const shown = new Map<string, UnitRecord>();
  let downloads = 0;
  let entries = 0;
  return (state) => {
    const lines: string[] = [];
    for (const record of state.build?.progress.units() ?? []) {
      if (shown.get(record.key)?.outcome === record.outcome) continue;
      shown.set(record.key, record);
      lines.push(line('package', packageJson(record)));
    }
    const seen = state.build?.downloads ?? [];
    for (; downloads < seen.length; downloads++) {
      const { url, hop, module, version } = seen[downloads] ?? { url: '' };
      lines.push(
        line('download', { url, hop: hop ?? null, module: module ?? null, version: version ?? null }),
      );
    }
    const { writes } = state.buildCache;
    if (writes.entries !== entries) {
      entries = writes.entries;
      lines.push(line('writes', { entries, bytes: writes.bytes }));
    }
    return lines;
  };
}

function line(event: string, body: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ event, ...body })}\n`;
}
