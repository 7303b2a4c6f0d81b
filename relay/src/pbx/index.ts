// Which kinds of phone system there are. The one place besides the drivers' own tests that names their implementations.
import type { PbxNature } from '@offhook/protocol/location-settings';
import * as v from 'valibot';
import type { ReadSecret } from '../secret-ref.ts';
import type { PbxDeclaration } from './declaration.ts';
import type { Driver, DriverContext } from './driver.ts';
import { SIMULATOR } from './simulator/declaration.ts';
import { openSimulatorDriver, type SimulatorOptions, SimulatorOptionsSchema } from './simulator/driver.ts';

const DRIVERS = {
  simulator: {
    schema: SimulatorOptionsSchema,
    open: openSimulatorDriver,
    nature: { format: 'phoneBook', canDialEmergency: true },
    declaration: SIMULATOR,
    endpoints: ({ host, port }: SimulatorOptions) => [{ host, port }],
  },
} as const satisfies Record<string, { nature: PbxNature; declaration: PbxDeclaration; [part: string]: unknown }>;

/** The names that `pbx[].kind` may have in the configuration. */
export type PbxKind = keyof typeof DRIVERS;
export const PBX_KINDS = Object.keys(DRIVERS) as [PbxKind, ...PbxKind[]]; // the keys of a literal, one at least

/** The schema of `pbx[].options` for a kind. */
export function pbxOptionsSchema(kind: PbxKind) {
  return DRIVERS[kind].schema;
}

/** How a kind wants its numbers, unless `location` says otherwise, and what it cannot dial. */
export function natureOf(kind: PbxKind): PbxNature {
  return DRIVERS[kind].nature;
}

/** What a kind of phone system can do and tells, for docs and for who asks. */
export function declarationOf(kind: PbxKind): PbxDeclaration {
  return DRIVERS[kind].declaration;
}

/** Where the driver of a kind connects to, over TCP. */
export function pbxEndpoints(kind: PbxKind, options: unknown): { host: string; port: number }[] {
  const { schema, endpoints } = DRIVERS[kind];
  return endpoints(v.parse(schema, options));
}

/** Opens the driver of a kind; `options` are checked by its schema and throw a ValiError when they do not fit. */
export function openDriver(
  { kind, options }: { kind: PbxKind; options: unknown },
  context: DriverContext,
  readSecret: ReadSecret,
): Driver {
  const { schema, open } = DRIVERS[kind];
  return open(v.parse(schema, options), context, readSecret);
}
