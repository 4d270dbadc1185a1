import { findPrefixPattern } from '../../go/module-path.ts';

/** GovcsVerdict says whether GOVCS lets Go run a version control command for a repository, and by which rule. */
export type GovcsVerdict =
  | { readonly isAllowed: true; readonly rule: string }
  /** why is Go's error. */
  | { readonly isAllowed: false; readonly rule: string | undefined; readonly why: string };

/**
 * checkGovcs holds a command against GOVCS: `corp.example:all,public:git`. The first rule that matches the root decides;
 * behind the user's rules stand `private:all,public:git|hg`. `cmd/go/internal/vcs: parseGOVCS, checkGOVCS, go1.26`
 */
export function checkGovcs(
  govcs: string,
  { vcs, root, goprivate }: { readonly vcs: string; readonly root: string; readonly goprivate: string },
): GovcsVerdict {
  const given = parseGovcs(govcs);
  if (typeof given === 'string') return { isAllowed: false, rule: undefined, why: given };
  const isPrivate = findPrefixPattern(goprivate, root) !== undefined;
  const rule = [...given, ...defaultRules].find(({ pattern }) => {
    if (pattern === 'private') return isPrivate;
    if (pattern === 'public') return !isPrivate;
    return findPrefixPattern(pattern, root) !== undefined;
  });
  const text = rule === undefined ? undefined : `${rule.pattern}:${rule.allowed.join('|')}`;
  if (text !== undefined && rule?.allowed.some((allowed) => allowed === vcs || allowed === 'all'))
    return { isAllowed: true, rule: text };
  const kind = isPrivate ? 'private' : 'public';
  const why = `GOVCS disallows using ${vcs} for ${kind} ${root}; see 'go help vcs'`;
  return { isAllowed: false, rule: text, why };
}

type GovcsRule = { readonly pattern: string; readonly allowed: readonly string[] };

/** defaultRules: `cmd/go/internal/vcs: defaultGOVCS, go1.26` */
const defaultRules: readonly GovcsRule[] = [
  { pattern: 'private', allowed: ['all'] },
  { pattern: 'public', allowed: ['git', 'hg'] },
];

/** parseGovcs gives the rules, or Go's reason why a value is none. */
function parseGovcs(govcs: string): readonly GovcsRule[] | string {
  if (govcs.trim() === '') return [];
  const rules: GovcsRule[] = [];
  const seen = new Map<string, string>();
  for (const raw of govcs.trim().split(',')) {
    const item = raw.trim();
    const quoted = JSON.stringify(item);
    if (item === '') return 'empty entry in GOVCS';
    const colon = item.indexOf(':');
    if (colon < 0) return `malformed entry in GOVCS (missing colon): ${quoted}`;
    const pattern = item.slice(0, colon).trim();
    const list = item.slice(colon + 1).trim();
    if (pattern === '') return `empty pattern in GOVCS: ${quoted}`;
    if (list === '') return `empty VCS list in GOVCS: ${quoted}`;
    if (/^\.{1,2}(?:\/|$)/.test(pattern))
      return `relative pattern not allowed in GOVCS: ${JSON.stringify(pattern)}`;
    const old = seen.get(pattern);
    if (old !== undefined) return `unreachable pattern in GOVCS: ${quoted} after ${JSON.stringify(old)}`;
    seen.set(pattern, item);
    const allowed = list.split('|').map((name) => name.trim());
    if (allowed.includes('')) return `empty VCS name in GOVCS: ${quoted}`;
    rules.push({ pattern, allowed });
  }
  return rules;
}
