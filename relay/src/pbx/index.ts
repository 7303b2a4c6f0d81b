// Which kinds of phone system there are. The one place besides the drivers' own tests that names their implementations.
import type { NumberFormat } from '@offhook/protocol';
import * as v from 'valibot';
import type { Driver, DriverContext } from './driver.ts';
import { openSimulatorDriver, SimulatorOptionsSchema } from './simulator/driver.ts';

const DRIVERS = {
  simulator: { schema: SimulatorOptionsSchema, open: openSimulatorDriver, numberFormat: 'phoneBook' },
} as const satisfies Record<string, { numberFormat: NumberFormat; [part: string]: unknown }>;

/** The names that `pbx[].kind` may have in the configuration. */
export type PbxKind = keyof typeof DRIVERS;
export const PBX_KINDS = Object.keys(DRIVERS) as [PbxKind, ...PbxKind[]]; // the keys of a literal, one at least

/** The schema of `pbx[].options` for a kind. */
export function pbxOptionsSchema(kind: PbxKind) {
  return DRIVERS[kind].schema;
}

/** How a kind wants its numbers, unless `location.format` says otherwise. */
export function numberFormatOf(kind: PbxKind): NumberFormat {
  return DRIVERS[kind].numberFormat;
}

/** Opens the driver of a kind; `options` are checked by its schema and throw a ValiError when they do not fit. */
export function openDriver(kind: PbxKind, options: unknown, context: DriverContext): Driver {
  const { schema, open } = DRIVERS[kind];
  return open(v.parse(schema, options), context);
}
