import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { prepareModule } from '../../../scripts/truth/modules.ts';
import { compareNames, nameVariants } from '../../../scripts/truth/names.ts';

const folder = mkdtempSync(join(tmpdir(), 'gocachetop-names-'));
const sample = prepareModule('sample', folder);
const tools = prepareModule('tools', folder);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('names are those of go list -export', () => {
  test.each(nameVariants)(
    'of the sample, $flags $environment',
    async (variant) => {
      if (typeof sample === 'string') throw new Error(sample);
      const found = await compareNames(sample, variant);
      expect(found.wrong).toEqual([]);
      expect(found.packages).toBeGreaterThan(50);
      expect(found.unattributedShare).toBeLessThan(0.02);
    },
    240_000,
  );

  // All of x/tools, in every variant: npm run truth -- --names tools
  test.skipIf(typeof tools === 'string')(
    `of a part of x/tools, its tests too${typeof tools === 'string' ? ` (${tools})` : ''}`,
    async () => {
      if (typeof tools === 'string') return;
      const test = { flags: ['-test'], words: [] };
      const found = await compareNames(tools, test, ['./go/ast/...', './go/packages', './cmd/stringer']);
      expect(found.wrong).toEqual([]);
      expect(found.packages).toBeGreaterThan(100);
      expect(found.unattributedShare).toBeLessThan(0.02);
    },
    240_000,
  );
});
