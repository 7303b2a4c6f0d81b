// The driver of Asterisk and FreePBX over the manager interface (AMI): puts connection, channels, lines, legs and orders
// together. It translates and decides nothing; before its snapshot is told it tells of no line and no call.
import type { CommandName } from '@offhook/protocol';
import { type DriverContext, type DriverOrder, type OpenDriver, PbxError, type SendResult } from '../driver.ts';
import { type Calls, createCalls, type Powers } from './calls.ts';
import { type Channels, createChannels } from './channels.ts';
import { type AmiConnection, openAmiConnection } from './connection.ts';
import { createFeatureReader, type FeatureReader } from './feature-reader.ts';
import { askGrants, type Grants } from './grants.ts';
import { createLines, type Lines } from './lines.ts';
import type { AsteriskOptions } from './options.ts';
import { createOrders, type Orders } from './orders.ts';
import { createOutlet, type Outlet } from './outlet.ts';
import { readSnapshot } from './snapshot.ts';
import { tlsOf } from './tls.ts';
import type { AmiMessage } from './wire.ts';

/** How long after a call was sent on Asterisk is asked whether it took the call itself. */
const LOOK_AFTER_MS = [1_000, 3_000, 10_000] as const;
// What runs in a channel that is still looking for somebody.
const ON_THE_WAY: ReadonlySet<string> = new Set([
  ...[
    '',
    'Wait',
    'Dial',
    'Set',
    'MSet',
    'NoOp',
    'AGI',
    'Gosub',
    'GosubIf',
    'Goto',
    'GotoIf',
    'Macro',
    'Return',
    'Exec',
  ],
  ...['Ringing', 'Progress', 'Playtones', 'Busy', 'Congestion', 'Hangup', 'Answer'],
]);

interface Parts {
  options: AsteriskOptions;
  context: DriverContext;
  outlet: Outlet;
  wire: Pick<AmiConnection, 'ask' | 'list'>;
  channels: Channels;
  lines: Lines;
  features: FeatureReader;
  orders: Orders;
  calls: Calls;
  /** Of this connection's login; undefined until asked. */
  grants: Grants | undefined;
  /** What was told of each line last. */
  toldLines: Map<string, string>;
}

/** Opens the driver. It connects by itself, and again, until closed. */
export const openAsteriskDriver: OpenDriver<AsteriskOptions> = (options, context, readSecret) => {
  const { signal } = context;
  const wire: Parts['wire'] = {
    ask: (action) => connection?.ask(action) ?? Promise.reject(closed()),
    list: (action, take) => connection?.list(action, take) ?? Promise.reject(closed()),
  };
  const parts = assemble({ options, context, wire });
  const { outlet } = parts;
  const connection = signal.aborted ? undefined : connect(parts, () => readSecret(options.password));

  function shut(): void {
    outlet.end();
    connection?.close();
  }
  signal.addEventListener('abort', shut, { once: true });
  if (signal.aborted) shut();

  return {
    async snapshot() {
      const grants = parts.grants ?? (await askGrants(wire));
      parts.grants = grants;
      const { channels, lines, features, calls } = parts;
      await readSnapshot({ wire, channels, lines, grants, options, features });
      const reports = lines.extensions().flatMap((extension) => lines.report(extension) ?? []);
      for (const line of reports) parts.toldLines.set(line.lineKey, JSON.stringify(line));
      const legs = calls.snapshot();
      outlet.open();
      features.readVoicemail();
      return { lines: reports, legs };
    },
    command: (order) => carryOut(parts, order),
    async close() {
      shut();
    },
  };
};

function closed(): PbxError {
  return new PbxError('pbx-unreachable', 'the driver is closed');
}

function assemble({ options, context, wire }: Pick<Parts, 'options' | 'context' | 'wire'>): Parts {
  const { clock, emit, log } = context;
  const outlet = createOutlet(emit);
  const channels = createChannels({ now: () => clock.now() });
  const powers = () => powersOf(parts.grants);
  const lines = createLines(options, { capabilities: () => lineCommands(options, powers()) });
  const features = createFeatureReader({
    wire,
    lines,
    options,
    tellLines: (extensions) => tellLines(parts, extensions),
    log,
  });
  const orders = createOrders({
    wire,
    channels,
    lines,
    options,
    tell: outlet.always,
    onFeatures: features.refresh,
    onDialling: (id) => watchApplication(parts, id, 0),
  });
  const calls = createCalls({
    channels,
    lines,
    options,
    orders,
    powers,
    clock,
    tell: outlet.news,
    onFeatureCode: features.refresh,
  });
  const parts: Parts = {
    ...{ options, context, outlet, wire, channels, lines, features, orders, calls },
    grants: undefined,
    toldLines: new Map(),
  };
  return parts;
}

function connect(parts: Parts, password: () => string): AmiConnection {
  const { options, context, outlet } = parts;
  return openAmiConnection({
    host: options.host,
    port: options.port,
    tls: () => tlsOf(options),
    username: options.username,
    login: options.login,
    password,
    clock: context.clock,
    random: Math.random,
    onTrying: () => outlet.always({ type: 'status', status: { type: 'connecting' } }),
    onUp(banner) {
      context.log.debug({ banner }, 'logged in to the manager interface');
      parts.grants = undefined;
      outlet.always({ type: 'status', status: { type: 'connected' } });
    },
    onDown(reason) {
      outlet.close();
      outlet.always({ type: 'status', status: { type: 'disconnected', reason } });
    },
    onEvent(event) {
      try {
        take(parts, event);
      } catch (error) {
        // One odd event is no reason to lose the others, and none to end the relay.
        context.log.error({ err: error, event: event['Event'] }, 'an event of the phone system could not be read');
      }
    },
  });
}

function take(parts: Parts, event: AmiMessage): void {
  const { channels, lines, orders, calls, features, outlet } = parts;
  const changed = channels.take(event);
  for (const channel of changed) orders.onChannel(channel);
  if (outlet.isOpen()) calls.look(changed);
  switch (event['Event']) {
    case 'OriginateResponse':
      return orders.onOriginateResponse(event);
    case 'ExtensionStatus':
      return tellLines(parts, lines.takeHint(event));
    case 'DeviceStateChange':
      features.onDeviceState(event['Device'] ?? '');
      return tellLines(parts, lines.takeDeviceState(event));
    case 'MessageWaiting':
      return features.onMessageWaiting(event);
    case 'UserEvent':
      return features.refresh(event['Extension'] ?? '');
    default:
  }
}

// A phone that rings is another state of the phone, but the same line.
function tellLines({ lines, outlet, toldLines }: Parts, extensions: readonly string[]): void {
  for (const extension of extensions) {
    const line = lines.report(extension);
    const told = JSON.stringify(line);
    if (!line || toldLines.get(extension) === told) continue;
    toldLines.set(extension, told);
    outlet.news({ type: 'line', line });
  }
}

// An announcement, a voicemail box or a conference is nobody who is dialled: only Asterisk knows that it talks.
function watchApplication(parts: Parts, id: string, round: number): void {
  const { channels, wire, calls, context } = parts;
  const delayMs = LOOK_AFTER_MS[round];
  if (delayMs === undefined) return;
  const isStillAlone = () => {
    const channel = channels.get(id);
    return channel && !channel.isAnswered && channel.mostDials === 0 ? channel : undefined;
  };
  async function look(): Promise<void> {
    const channel = isStillAlone();
    if (!channel) return;
    const [status] = await wire.list({ Action: 'Status', Channel: channel.name }).catch(() => []);
    if (!isStillAlone()) return;
    if (ON_THE_WAY.has(status?.['Application'] ?? '')) return watchApplication(parts, id, round + 1);
    calls.takenByApplication(channel);
  }
  context.clock.after(delayMs, () => void look());
}

async function carryOut({ options, grants, calls, orders }: Parts, order: DriverOrder): Promise<SendResult> {
  const { name } = order.order;
  const leg = order.callKey === undefined ? undefined : calls.leg(order.callKey);
  if (order.callKey !== undefined && !leg) return { type: 'rejected', code: 'call-unknown' };
  if (!(leg?.capabilities ?? lineCommands(options, powersOf(grants))).includes(name)) {
    return { type: 'rejected', code: 'not-supported', params: { command: name } };
  }
  try {
    return await orders.carryOut(order);
  } catch (error) {
    // What was not sent was certainly not carried out; of anything else nobody knows.
    if (error instanceof PbxError && error.code === 'pbx-unreachable') return { type: 'rejected', code: error.code };
    throw error;
  }
}

function powersOf(grants: Grants | undefined): Powers {
  const { call = false, originate = false, system = false } = grants ?? {};
  return { call, originate, system };
}

// What a line can be told, by what the manager's user may do.
function lineCommands({ features }: AsteriskOptions, { originate, call, system }: Powers): CommandName[] {
  const able: CommandName[] = [];
  if (originate && call) able.push('makeCall', 'pickup');
  if (features && system && call) able.push('setForward', 'setDnd');
  return able;
}
