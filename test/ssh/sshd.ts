import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { terminalEnvironment } from '../pty/environment.ts';
import { descendantsOf, isRunning, killProcess } from '../pty/processes.ts';

/** Sshd is a real sshd of our own on the loopback, for the present user, with keys and settings of its own. */
export type Sshd = AsyncDisposable & {
  readonly port: number;
  /** command gives the argv of an ssh that runs a command there in a terminal, as `ssh host -t COMMAND` does. */
  readonly command: (remoteCommand: string) => readonly [string, ...string[]];
  /** drop kills the server's side of every connection without a word; what ran there gets SIGHUP from its terminal. */
  readonly drop: () => void;
  /** log gives what sshd has written. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
};

/** whyNoSshd says why no sshd can be started here that gives a terminal, or undefined. */
export function whyNoSshd(): string | undefined {
  const missing = ['sshd', 'ssh', 'ssh-keygen'].filter((name) => findProgram(name) === undefined);
  if (missing.length > 0)
    return `no ${missing.join(', no ')} on this machine (apt-get install openssh-server openssh-client): NOT tested over SSH`;
  if (userInfo().uid !== 0 && !ownsTerminals())
    return '/dev/pts is mounted without gid=5, so only root may run an sshd: NOT tested over SSH';
  return undefined;
}

/** startSshd starts it; `env` reaches each remote command, and PATH is ours, so that go and node are found. */
export async function startSshd(env: Readonly<Record<string, string>> = {}): Promise<Sshd> {
  const why = whyNoSshd();
  if (why !== undefined) throw new Error(why);
  const folder = mkdtempSync(join(tmpdir(), 'gocachetop-sshd-'));
  // sshd started by root wants this folder, which the system makes only when its own sshd starts.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  try {
    makeKeys(folder);
    const { port, server, log } = await startOnFreePort(folder, env);
    return control(folder, port, server, log);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** findProgram looks where a user's PATH does not, too: sshd is in an sbin folder. */
function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/**
 * ownsTerminals tells whether a new terminal belongs to the group tty, as where /dev/pts is mounted with gid=5. Else
 * sshd changes its group, which needs root (`openssh: sshpty.c: pty_setowner, 9.2`).
 */
function ownsTerminals(): boolean {
  if (!existsSync('/proc/mounts')) return true;
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  return mounts.some((mount) => /^\S+ \/dev\/pts devpts \S*\bgid=/.test(mount));
}

function makeKeys(folder: string): void {
  for (const name of ['host_key', 'user_key']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(folder, name)]);
  }
  const publicKey = (name: string) => readFileSync(join(folder, `${name}.pub`), 'utf8');
  writeFileSync(join(folder, 'authorized_keys'), publicKey('user_key'));
  writeFileSync(join(folder, 'known_hosts'), `gocachetop-test ${publicKey('host_key')}`);
}

type Started = { readonly port: number; readonly server: ChildProcess; readonly log: () => string };

/** startOnFreePort tries again when another has taken the port between our look and sshd's. */
async function startOnFreePort(folder: string, env: Readonly<Record<string, string>>): Promise<Started> {
  const config = join(folder, 'sshd_config');
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort();
    writeFileSync(config, serverConfig(folder, port, env));
    const server = spawn(findProgram('sshd') ?? 'sshd', ['-D', '-e', '-f', config], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: terminalEnvironment(),
    });
    let log = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    const isListening = await new Promise<boolean>((resolve) => {
      server.stderr.on('data', () => log.includes('Server listening on') && resolve(true));
      server.on('error', () => resolve(false)).on('close', () => resolve(false));
    });
    if (isListening) return { port, server, log: () => log };
    if (attempt === 5 || !log.includes('Address already in use'))
      throw new Error(`sshd did not start:\n${log}`);
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** serverConfig: keys only, no PAM and no login records of the system, nothing read from the home directory. */
function serverConfig(folder: string, port: number, env: Readonly<Record<string, string>>): string {
  const path = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
  const variables = Object.entries({ PATH: path, ...env }).map(([name, value]) => quote(`${name}=${value}`));
  return `
ListenAddress 127.0.0.1
Port ${port}
HostKey ${quote(join(folder, 'host_key'))}
AuthorizedKeysFile ${quote(join(folder, 'authorized_keys'))}
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PermitUserRC no
PermitUserEnvironment no
PrintMotd no
PrintLastLog no
AcceptEnv LANG LC_*
SetEnv ${variables.join(' ')}
`;
}

/** quote writes a value for a configuration of OpenSSH, which has no way to write a quote or a line end. */
function quote(value: string): string {
  if (/["\n]/.test(value)) throw new Error(`sshd cannot be given the value ${JSON.stringify(value)}`);
  return `"${value}"`;
}

function control(folder: string, port: number, server: ChildProcess, log: () => string): Sshd {
  const drop = () => killConnections(server);
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
      const left = descendantsOf(server.pid ?? 0);
      drop();
      server.kill('SIGTERM');
      await ended;
      // What the hang-up did not end within a second would outlive the test.
      for (let turn = 0; turn < 20 && left.some(isStillThere); turn += 1) await delay(50);
      for (const process of left.filter(isStillThere)) killProcess(process.pid, 'SIGKILL');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    port,
    command: (remoteCommand) => ['ssh', ...clientArguments(folder, port), remoteCommand],
    drop,
    log,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function clientArguments(folder: string, port: number): string[] {
  const settings = [
    `Port=${port}`,
    `IdentityFile=${quote(join(folder, 'user_key'))}`,
    `UserKnownHostsFile=${quote(join(folder, 'known_hosts'))}`,
    'HostKeyAlias=gocachetop-test',
    'GlobalKnownHostsFile=none',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'StrictHostKeyChecking=yes',
    'BatchMode=yes',
    'ConnectTimeout=20',
    'SendEnv=LANG',
    // Otherwise a typed ~ after Enter is ssh's own.
    'EscapeChar=none',
  ];
  const options = settings.flatMap((setting) => ['-o', setting]);
  return ['-tt', '-F', 'none', ...options, `${userInfo().username}@127.0.0.1`];
}

/** killConnections kills the processes of sshd that serve a connection, `sshd` or since 9.8 `sshd-session`. */
function killConnections(server: ChildProcess): void {
  const serving = descendantsOf(server.pid ?? 0).filter(({ name }) => /^sshd(-|$)/.test(name));
  for (const { pid } of serving) killProcess(pid, 'SIGKILL');
}

function isStillThere(process: { readonly pid: number }): boolean {
  return isRunning(process.pid);
}
