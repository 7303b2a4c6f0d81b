// The part of a browser that sites are about: permissions with an agent who answers, settings, the company's policy.
import type { SiteBrowser } from '#lib/known-sites.ts';
import { createFakeStorage, type FakeStorage } from './storage.ts';

interface SiteBrowserOptions {
  granted?: readonly string[];
  /** What the manifest grants and nobody can take back. */
  required?: readonly string[];
  /** What the agent answers when the browser asks. */
  saysYes?: boolean;
  /** The company's policy; Firefox refuses to be asked where there is none. */
  managed?: Record<string, unknown>;
}

/** A browser with these permissions. */
export function createSiteBrowser(options: SiteBrowserOptions = {}): SiteBrowser & {
  origins: Set<string>;
  local: FakeStorage;
  /** The company changes its mind. */
  setManaged(policy: Record<string, unknown> | undefined): void;
} {
  const { granted = [], required = [], saysYes = true } = options;
  const origins = new Set([...granted, ...required]);
  const local = createFakeStorage();
  let { managed } = options;
  const permissions = {
    getAll: async () => ({ origins: [...origins], permissions: [] }),
    async request({ origins: asked = [] }: { origins?: string[] }) {
      if (saysYes) for (const origin of asked) origins.add(origin);
      return saysYes;
    },
    async remove({ origins: given = [] }: { origins?: string[] }) {
      if (given.some((one) => required.includes(one))) throw new Error('You cannot remove required permissions.');
      for (const origin of given) origins.delete(origin);
      return true;
    },
  };
  return {
    permissions,
    storage: {
      local,
      managed: {
        async get() {
          if (!managed) throw new Error('Managed storage manifest not found');
          return structuredClone(managed);
        },
      },
    },
    runtime: { getManifest: () => ({ host_permissions: [...required] }) },
    origins,
    local,
    setManaged(policy) {
      managed = policy;
    },
  };
}
