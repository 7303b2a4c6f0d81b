// Which kinds of phone system there are. The one place besides the drivers' own tests that names their implementations.
import * as v from 'valibot';
import type { Driver, DriverContext } from './driver.ts';
import { openSimulatorDriver, SimulatorOptionsSchema } from './simulator/driver.ts';

const DRIVERS = {
  simulator: { schema: SimulatorOptionsSchema, open: openSimulatorDriver },
};

/** The names that `pbx[].kind` may have in the configuration. */
export type PbxKind = keyof typeof DRIVERS;
export const PBX_KINDS = Object.keys(DRIVERS) as [PbxKind, ...PbxKind[]]; // the keys of a literal, one at least

/** The schema of `pbx[].options` for a kind. */
export function pbxOptionsSchema(kind: PbxKind) {
  return DRIVERS[kind].schema;
}

/** Opens the driver of a kind; `options` are checked by its schema and throw a ValiError when they do not fit. */
export function openDriver(kind: PbxKind, options: unknown, context: DriverContext): Driver {
  const { schema, open } = DRIVERS[kind];
  return open(v.parse(schema, options), context);
}
