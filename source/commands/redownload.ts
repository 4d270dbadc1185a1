import { isProblem } from '../go/env.ts';
import { checkModulePath } from '../go/module-path.ts';
import type { ModuleVersion } from '../module-cache/paths.ts';
import { readMainWord } from '../operations/redownload/main-module.ts';
import { isFullVersion } from '../operations/redownload/module-files.ts';
import { listQuarantine } from '../operations/redownload/quarantine.ts';
import { type Preview, previewRepair, redownload } from '../operations/redownload/redownload.ts';
import type { Repair, RepairStep } from '../operations/redownload/repair.ts';
import { parseProxyChain } from '../proxy/chain.ts';
import { firstHop } from '../proxy/first-hop.ts';
import {
  quarantineJson,
  quarantineText,
  redownloadJson,
  redownloadQuestion,
  redownloadText,
} from '../report/redownload.ts';
import { formatBytes } from '../store/format.ts';
import type { CommandContext } from './context.ts';
import { finishRepairs } from './finish-repairs.ts';

/** runRedownload repairs module versions one after the other, after it said what is wrong with them. */
export async function runRedownload(context: CommandContext): Promise<number> {
  const { env, flags, place, say, signal } = context;
  const { gomodcache } = env;
  if (flags.isListing) return listTakenOut(context);
  const modules = readModules(flags.operands);
  if (typeof modules === 'string') {
    say(modules);
    return 2;
  }
  if (flags.isReadOnly && !flags.isDryRun) {
    say('redownload is refused: --read-only (--dry-run only says what it would do)');
    return 2;
  }
  const recovery = await finishRepairs(context);
  const mainModule = readMainWord(env);
  const judging = { env, mainModule };
  const chain = parseProxyChain(env.goproxy);
  const hopOf = (path: string): string => firstHop(path, chain, env);
  const previews: Preview[] = [];
  for (const module of modules) {
    if (signal.aborted) return 130;
    previews.push(await previewRepair(module, judging));
  }
  const problems = mainModule.problems;
  const tell = async (repairs: readonly Repair[], text: string): Promise<number> => {
    const view = { gomodcache, isDryRun: flags.isDryRun, previews, repairs, recovery, problems };
    await context.print(redownloadJson(view), text);
    const told = repairs.length > 0 ? repairs : previews.map(({ repair }) => repair);
    const own = [...problems, ...told.flatMap((repair) => repair.problems)];
    context.tell(own);
    if (repairs.some(({ wasStopped }) => wasStopped)) return 130;
    return own.length + recovery.problems.length > 0 ? 1 : 0;
  };
  if (flags.isDryRun) return tell([], redownloadQuestion(previews, hopOf));
  const open = previews.filter(({ plan }) => plan !== undefined && plan.way !== 'none');
  if (open.length > 0) {
    if (!flags.isJson) process.stderr.write(redownloadQuestion(previews, hopOf));
    // Where a word is asked for, that is the question.
    const isAsked = flags.isSure || open.some(({ plan }) => plan?.suspicion === undefined);
    const agreed = isAsked ? await context.agree('Repair this?') : true;
    if (agreed !== true) return agreed;
  }
  const repairs: Repair[] = [];
  let refusedWith: number | undefined;
  for (const module of modules) {
    const repair = await redownload(module, {
      ...judging,
      environment: place.environment,
      signal,
      now: Date.now,
      async confirm({ path, version }, suspicion) {
        const what = `${path}@${version}: ${suspicion}`;
        if (flags.isSure) {
          say(`${what}: --yes repairs it all the same, and keeps what was there in a quarantine`);
          return true;
        }
        context.progress('');
        const agreed = await context.agreeByWord(
          `${what}\nA repair takes that away from where builds find it. To do it, type the module's path: `,
          path,
        );
        if (agreed === 2) refusedWith = 2;
        return agreed === true;
      },
      onStep: (step) => showStep(context, module, step),
    });
    context.progress('');
    repairs.push(repair);
    if (signal.aborted || refusedWith !== undefined) break;
  }
  return refusedWith ?? tell(repairs, redownloadText(repairs, flags.isSi));
}

/** readModules reads `github.com/google/uuid@v1.6.0`; a text is what is wrong. */
function readModules(operands: readonly string[]): readonly ModuleVersion[] | string {
  if (operands.length === 0)
    return 'redownload needs a module version, as gocachetop redownload github.com/google/uuid@v1.6.0';
  const modules: ModuleVersion[] = [];
  for (const operand of new Set(operands)) {
    const at = operand.lastIndexOf('@');
    const [path, version] = [operand.slice(0, at), operand.slice(at + 1)];
    if (at === -1) return `${operand}: which version? it is MODULE@VERSION, as ${operand}@v1.6.0`;
    const fault = checkModulePath(path);
    if (fault !== undefined) return `malformed module path "${path}": ${fault}`;
    if (!isFullVersion(version)) return `${operand}: a version is as v1.6.0, in full; go list -m names it`;
    modules.push({ path, version });
  }
  return modules;
}

function showStep({ say, progress, flags }: CommandContext, module: ModuleVersion, step: RepairStep): void {
  const name = `${module.path}@${module.version}`;
  switch (step.type) {
    case 'waiting': {
      const { holder } = step;
      const who =
        holder === undefined ? 'another process' : `${holder.command.join(' ')} (process ${holder.pid})`;
      say(`${name}: waiting for ${who}, which holds its lock`);
      break;
    }
    case 'looking':
      progress(`${name}: looking at zip and folder`);
      break;
    case 'asking-go':
      progress(
        step.isOffline
          ? `${name}: extracting`
          : `${name}: ${formatBytes(step.bytes, { si: flags.isSi })} downloaded`,
      );
      break;
    case 'checking':
      progress(`${name}: checking what was made`);
      break;
    case 'swapping':
      progress(`${name}: swapping it in`);
  }
}

async function listTakenOut(context: CommandContext): Promise<number> {
  const { env, flags, say } = context;
  if (flags.operands.length > 0) {
    say('--quarantine lists all that repairs have taken out: leave out the modules');
    return 2;
  }
  const found = listQuarantine(env.gomodcache);
  if (isProblem(found)) {
    context.tell([found]);
    return 1;
  }
  await context.print(quarantineJson(env.gomodcache, found), quarantineText(found, flags.isSi));
  return 0;
}
