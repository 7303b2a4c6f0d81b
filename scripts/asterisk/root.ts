// A Debian 11 with its Asterisk 16 in a folder of its own, for the tests that need a real phone system: Debian 12 has no
// package. It is made once and kept in the user's cache, never in the checkout; the mirror is the system's own.
import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SUITE = 'bullseye';
const MAKING_LIMIT_MS = 600_000;
const LOCK_LOOK_MS = 250;
const PROGRAMS = ['mmdebstrap', 'baresip', 'unshare', 'chroot'] as const;

/** The root, or why there is none. */
export type AsteriskRoot = { path: string; modules: string } | { missing: string };

/** The root, made now if there is none yet; `say` hears what takes long. Never throws: what is missing is an answer. */
export async function asteriskRoot({ say }: { say(text: string): void }): Promise<AsteriskRoot> {
  const missing = missingFor();
  if (missing !== undefined) return { missing };
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'offhook', 'asterisk');
  const path = join(cache, 'root');
  if (!existsSync(join(path, 'usr/sbin/asterisk'))) {
    mkdirSync(cache, { recursive: true });
    const failure = await alone(join(cache, 'making'), async () => {
      if (existsSync(path)) return undefined;
      say('installing Asterisk 16 from Debian 11 into the cache (about 80 s, 235 MB, once)');
      return await make(path, `${path}-${process.pid}`);
    });
    if (failure !== undefined) return { missing: failure };
  }
  const [modules] = globSync('usr/lib/**/asterisk/modules/res_pjsip.so', { cwd: path });
  if (modules === undefined) return { missing: `no modules of Asterisk in ${path}: remove it, it is made anew` };
  return { path, modules: `/${modules.replace(/\/[^/]*$/, '')}` };
}

function missingFor(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return 'needs Debian as root';
  }
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const absent = PROGRAMS.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  return absent.length > 0 ? `needs ${absent.join(', ')} (apt-get install mmdebstrap baresip-core)` : undefined;
}

// Several test files may want it at the same time: one makes it, the others wait. A lock whose process is gone is none.
async function alone<Result>(lock: string, action: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      if (!isHeld(lock)) rmSync(lock, { force: true });
      await new Promise((resolve) => setTimeout(resolve, LOCK_LOOK_MS));
    }
  }
  try {
    return await action();
  } finally {
    rmSync(lock, { force: true });
  }
}

// It may be given back between our try and this look.
function isHeld(lock: string): boolean {
  try {
    return isAlive(Number(readFileSync(lock, 'utf8')));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function make(path: string, making: string): Promise<string | undefined> {
  const mirror = systemMirror();
  if (mirror === undefined) return 'needs a Debian mirror in /etc/apt/sources.list or sources.list.d';
  const without = ['doc', 'man', 'locale', 'info'].map((folder) => `--dpkgopt=path-exclude=/usr/share/${folder}/*`);
  try {
    await run(
      'mmdebstrap',
      [
        '--mode=root',
        '--variant=apt',
        '--include=asterisk,asterisk-moh-opsound-gsm',
        '--aptopt=APT::Install-Recommends "0"',
        '--dpkgopt=force-unsafe-io',
        ...without,
        SUITE,
        making,
        mirror,
      ],
      { timeout: MAKING_LIMIT_MS, maxBuffer: 64 * 1024 * 1024 },
    );
    // Whoever was faster, there is one now.
    if (!existsSync(path)) renameSync(making, path);
  } catch (error) {
    const words = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    return `Debian 11 could not be had from ${mirror}: ${words.trim().split('\n').at(-1)}`;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return undefined;
}

// Debian's own archive as this system has it; sources of others hold no Asterisk.
function systemMirror(): string | undefined {
  const files = ['/etc/apt/sources.list', ...globSync('/etc/apt/sources.list.d/*').sort().reverse()];
  const text = files.flatMap((file) => (existsSync(file) ? [readFileSync(file, 'utf8')] : [])).join('\n\n');
  const stanzas = text.split(/\n\s*\n/).filter((one) => /^Suites:.*\b(?:bookworm|trixie|bullseye|stable)\b/m.test(one));
  const named = stanzas.map((one) => /^URIs:\s*(\S+)/m.exec(one)?.[1]);
  const lines = [
    ...text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+\S*(?:bookworm|trixie|bullseye|stable)\S*\s+main/gm),
  ];
  return [...named, ...lines.map(([, uri]) => uri)].find(
    (uri) => uri?.endsWith('/debian') || uri?.endsWith('/debian/'),
  );
}
