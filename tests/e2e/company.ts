// A company whose browsers have a managed policy: an extension with an id of its own, so that the policy reaches no other
// browser of this machine, and the file in which Chromium looks for policies while the story runs.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { accessSync, constants, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe } from 'vitest';
import { findBrowser } from '../../scripts/browser.ts';
import { DEMO_EXTENSION_DIR } from '../../scripts/stage/fresh-builds.ts';

const FOLDER = '/etc/chromium/policies/managed';

/** A company of one browser. */
export interface Company {
  extensionDir: string;
  extensionId: string;
  /** Puts a policy in force, or another one in its place; browsers that run notice it within seconds. */
  setPolicy(policy: Record<string, unknown>): void;
  close(): void;
}

/** `describe` for stories that need to set a policy: Chromium on Linux, and the right to write where it looks. */
export function describeInCompany(title: string, stories: () => void): void {
  // A laptop without root has no place where a policy could be put; as root, with the Chromium of the set-up, it runs.
  if (findBrowser().kind === 'chromium' && mayWrite(FOLDER)) describe(title, stories);
  else describe.skip(`${title} (skipped: needs Chromium and the right to write ${FOLDER})`, stories);
}

/** Founds a company with a build of its own, the demo's unless it is said; it has no policy yet. */
export function foundCompany(buildDir: string = DEMO_EXTENSION_DIR): Company {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const extensionDir = mkdtempSync(join(tmpdir(), 'offhook-company-'));
  cpSync(buildDir, extensionDir, { recursive: true });
  const manifestPath = join(extensionDir, 'manifest.json');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  writeFileSync(manifestPath, JSON.stringify({ ...manifest, key: key.toString('base64') }));
  const extensionId = idOf(key);
  const policyPath = join(FOLDER, `offhook-${extensionId}.json`);
  return {
    extensionDir,
    extensionId,
    setPolicy(policy) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(policyPath, JSON.stringify({ '3rdparty': { extensions: { [extensionId]: policy } } }));
    },
    close() {
      rmSync(policyPath, { force: true });
      rmSync(extensionDir, { recursive: true, force: true });
    },
  };
}

// As Chromium makes it of a key: the first 128 bits of its hash, in letters.
function idOf(key: Buffer): string {
  const digits = [...createHash('sha256').update(key).digest('hex').slice(0, 32)];
  return digits.map((digit) => String.fromCharCode('a'.charCodeAt(0) + Number.parseInt(digit, 16))).join('');
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'; // of the file system
    return isMissing && folder !== dirname(folder) && mayWrite(dirname(folder));
  }
}
