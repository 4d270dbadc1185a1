import { absenceChecks } from './absence.ts';
import type { Check } from './check.ts';
import { customChecks, judgementOfSupport } from './customs.ts';
import { fileChecks } from './files.ts';

/** conformanceChecks are all that are judged by their answers alone; what the checksum database says, `run.ts` adds. */
export const conformanceChecks: readonly Check[] = [
  ...fileChecks,
  ...absenceChecks,
  {
    id: 'sumdb-supported',
    what: 'sumdb/NAME/supported: 200 when it mirrors the checksum database, else 404 or 410',
    neededBy: 'go',
    requests: ({ sumdb }) =>
      sumdb === undefined ? 'GOSUMDB names no checksum database' : [{ path: `sumdb/${sumdb}/supported` }],
    judge: ([answer]) => judgementOfSupport(answer),
  },
  ...customChecks,
];
