// The enterprise build: the store build's very code with the hosts of one company in its manifest, so that agents need
// not allow them. scripts/build-enterprise.ts says which.
import { defineConfig } from 'wxt';
import { FOLDER_VARIABLE, HOSTS_VARIABLE, readHosts } from './scripts/enterprise-hosts.ts';
import store from './wxt.config.ts';

const { manifest } = store;
if (typeof manifest !== 'function') throw new Error('wxt.config.ts no longer makes the manifest by a function');

export default defineConfig({
  ...store,
  outDir: process.env[FOLDER_VARIABLE] ?? '.output',
  outDirTemplate: '{{browser}}-mv{{manifestVersion}}-enterprise',
  manifest: async (env) => ({
    ...(await manifest(env)),
    host_permissions: readHosts(process.env[HOSTS_VARIABLE] ?? ''),
  }),
});
