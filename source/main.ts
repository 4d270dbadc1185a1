import { type CommandLine, parseCommandLine } from './command-line.ts';
import { withoutNetwork } from './go/no-network.ts';
import { helpText } from './help/registry.ts';
import { openPlace } from './place.ts';
import { readVersion } from './version.ts';

/** MainContext is what the launcher hands over. */
export type MainContext = {
  /** environment is the user's own, as it was before the launcher changed process.env: give it to children. */
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** main runs one command line and gives its exit code. It loads no more than the command needs. */
export async function main(argv: readonly string[], { environment }: MainContext): Promise<number> {
  const line = parseCommandLine(argv);
  switch (line.type) {
    case 'version':
      process.stdout.write(`gocachetop ${readVersion()}\n`);
      return 0;
    case 'help':
      process.stdout.write(helpText(line.subcommand));
      return 0;
    case 'usage':
      return refuse(line.message);
    case 'run': {
      const own = asksNobody(line) ? withoutNetwork(environment) : environment;
      const place = openPlace(line.flags, own, line.command, line.subcommand === 'doctor');
      if (typeof place === 'string') return refuse(place);
      // It has something to say where go has not, and is to be quick.
      if (line.subcommand === 'doctor')
        return (await import('./commands/doctor.ts')).runDoctor(place, line.flags);
      if (line.subcommand !== undefined && line.subcommand !== 'report') {
        const commands = await import('./commands/registry.ts');
        return commands.runSubcommand(line.subcommand, place, line.flags);
      }
      const app = await import('./app.ts');
      const options = { ...place, command: line.command, flags: line.flags };
      return isPlain(line, environment) ? app.runPlain(options) : app.runScreen(options);
    }
  }
}

/** asksNobody: what answers for a time without a network asks none itself, not even for a toolchain. */
function asksNobody({ subcommand, flags }: Extract<CommandLine, { type: 'run' }>): boolean {
  return subcommand === 'offline' || (subcommand === 'prewarm' && (flags.isDryRun || flags.isReadOnly));
}

function refuse(message: string): number {
  process.stderr.write(`gocachetop: ${message}\n`);
  return 2;
}

function isPlain(
  { subcommand, flags }: Extract<CommandLine, { type: 'run' }>,
  environment: MainContext['environment'],
): boolean {
  return subcommand === 'report' || flags.isJson || flags.isJsonStream || !canShowScreen(environment);
}

/** canShowScreen: a terminal on both ends that can move its cursor. */
function canShowScreen(environment: MainContext['environment']): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && environment.TERM !== 'dumb';
}
