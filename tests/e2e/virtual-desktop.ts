// A desktop for stories that need one: a display, a session bus and a notification daemon of their own (Xvfb, dbus-daemon,
// dunst), so that the system's own notification can be looked at and pressed as people do. Nothing of it outlives `close`.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe } from 'vitest';

const run = promisify(execFile);
const START_LIMIT_MS = 10_000;
const NEEDED = ['Xvfb', 'dbus-daemon', 'dunst', 'dunstctl', 'import'];

export interface VirtualDesktop {
  /** What a program needs in its environment to be on it. */
  env: Readonly<Record<string, string>>;
  /** How many notifications are on the screen. */
  shown(): Promise<number>;
  /** The newest notification as the daemon has it: its summary and its body. */
  newest(): Promise<{ summary: string; body: string } | undefined>;
  /** Clicks the newest notification itself. */
  press(): Promise<void>;
  /** Presses the button with this name, out of the daemon's own menu. */
  pressButton(name: string): Promise<void>;
  /** The screen as a PNG file. */
  screenshot(path: string): Promise<void>;
  close(): Promise<void>;
}

/** `describe` for stories on a desktop. */
export function describeOnDesktop(title: string, stories: () => void): void {
  const missing = NEEDED.filter((name) => !isInstalled(name));
  if (missing.length === 0) describe(title, stories);
  // A laptop need not have a second desktop: what is left out is said. On Debian as root the set-up installs them.
  else describe.skip(`${title} (skipped: needs ${missing.join(', ')})`, stories);
}

/** Starts one; resolves when programs can be started on it. */
export async function openVirtualDesktop(): Promise<VirtualDesktop> {
  const dir = mkdtempSync(join(tmpdir(), 'offhook-desktop-'));
  const running: ChildProcess[] = [];
  const start = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
    running.push(child);
    return child;
  };

  async function close(): Promise<void> {
    await Promise.all(running.reverse().map(ended));
    rmSync(dir, { recursive: true, force: true });
  }

  try {
    const display = await firstLine(
      start('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp']),
      3,
    );
    const bus = start('dbus-daemon', ['--session', '--nofork', '--print-address=3']);
    const env = { DISPLAY: `:${display}`, DBUS_SESSION_BUS_ADDRESS: await firstLine(bus, 3) };
    const all = { ...process.env, ...env };
    start('dunst', ['-conf', writeSettings(dir)], all);
    const ctl = async (...args: string[]) => (await run('dunstctl', args, { env: all })).stdout.trim();
    await until('dunst', () =>
      ctl('count', 'displayed').then(
        () => true,
        () => false,
      ),
    );
    return {
      env,
      shown: async () => Number(await ctl('count', 'displayed')),
      async newest() {
        // What stands is in no history yet; the menu names it: `#Answer (summary) [id,key]`.
        const { stdout } = await run('dunstctl', ['history'], { env: all });
        const { data } = JSON.parse(stdout) as { data: { summary: { data: string }; body: { data: string } }[][] }; // dunst's own form
        const last = data[0]?.[0];
        return last && { summary: last.summary.data, body: last.body.data };
      },
      press: async () => void (await ctl('action', '0')),
      async pressButton(name) {
        writeFileSync(join(dir, 'choice'), name);
        await ctl('context');
      },
      screenshot: async (path) => void (await run('import', ['-window', 'root', path], { env: all })),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

// dunst asks a menu program which action it is to be: here one that picks what the story says.
function writeSettings(dir: string): string {
  const menu = join(dir, 'menu');
  writeFileSync(menu, `#!/bin/sh\nexec grep -m1 -- "^#$(cat '${join(dir, 'choice')}') "\n`);
  chmodSync(menu, 0o700);
  const settings = join(dir, 'dunstrc');
  const lines = [
    '[global]',
    `dmenu = ${menu}`,
    'browser = /bin/true',
    'width = 420',
    'origin = top-right',
    'offset = 20x20',
  ];
  writeFileSync(settings, `${lines.join('\n')}\n`);
  return settings;
}

function isInstalled(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function firstLine(child: ChildProcess, fd: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const limit = setTimeout(
      () => reject(new Error(`waited ${START_LIMIT_MS / 1000} s for ${child.spawnfile}`)),
      START_LIMIT_MS,
    );
    child.stdio[fd]?.on('data', (chunk: Buffer) => {
      text += String(chunk);
      if (!text.includes('\n')) return;
      clearTimeout(limit);
      resolve(text.split('\n', 1)[0] ?? '');
    });
    child.once('exit', (code) => {
      clearTimeout(limit);
      reject(new Error(`${child.spawnfile} ended with ${code}`));
    });
  });
}

async function until(what: string, fits: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + START_LIMIT_MS;
  while (!(await fits())) {
    if (Date.now() > end) throw new Error(`waited ${START_LIMIT_MS / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
