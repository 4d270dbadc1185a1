/*
 * A copy in a process of its own, for a test that gives it a small disk:
 * node copy-child.ts '{"from": ..., "to": ...}'. It prints what moveCache gives, less its functions.
 */
import { moveCache } from '../../../source/operations/repoint/move.ts';
import { planRepoint } from '../../../source/operations/repoint/plan.ts';
import { factsOf } from './facts.ts';

export type CopyOrder = { readonly from: string; readonly to: string };

const { from, to }: CopyOrder = JSON.parse(process.argv[2] ?? '');
// The plan believes in more room than there is, as when another program fills the disk meanwhile.
const plan = planRepoint(factsOf({ asked: to, from: { path: from } }), 'copy');
process.stdout.write(JSON.stringify(await moveCache(plan)));
