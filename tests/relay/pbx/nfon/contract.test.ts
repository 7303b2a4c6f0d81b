// NFON's driver keeps the drivers' contract, over a loopback server written from the documentation of the CTI API.
import { locationOf } from '@offhook/protocol/location-settings';
import * as v from 'valibot';
import { NFON } from '../../../../relay/src/pbx/nfon/declaration.ts';
import { openNfonDriver } from '../../../../relay/src/pbx/nfon/driver.ts';
import { NfonOptionsSchema } from '../../../../relay/src/pbx/nfon/options.ts';
import { createFakeClock } from '../../../fakes/clock.ts';
import { createNfonExchange } from '../../../fakes/nfon-exchange.ts';
import { startNfonServer } from '../../../fakes/nfon-server.ts';
import { describeDriver } from '../contract.ts';
import type { Subject } from '../contract-subject.ts';
import { createListeners } from './listeners.ts';

const LOCATION = locationOf({ country: 'DE', areaCode: '30', format: 'internationalWithoutPlus' });

async function openSubject(): Promise<Subject> {
  const server = await startNfonServer();
  const exchange = createNfonExchange(server);
  const clock = createFakeClock();
  const listeners = createListeners(server, exchange);
  const options = v.parse(NfonOptionsSchema, {
    account: server.account,
    password: 'secret:nfon',
    baseUrl: server.baseUrl,
  });
  return {
    clock,
    location: LOCATION,
    writes: (number) => number.slice(1),
    lineKeyOf: (extension) => extension,
    open: (context) => openNfonDriver(options, listeners.watch(context), () => 'sample-password'),
    hands: exchange.hands,
    faults: {
      cut: async () => server.cut(),
      async garbage() {
        for (const of of ['calls', 'states'] as const) {
          server.raw(of, Buffer.from([0xff, 0x00, 0x0a, 0xc3]));
          server.raw(
            of,
            '\n\ndata: {"uuid":\n\ndata: [1,2]\n\nevent: weather\ndata: {"is":"fine"}\nid: 7\n\nno field\r\n\r\n',
          );
          server.raw(
            of,
            'data: {"uuid":"715a1333-0174-40ea-8b38-67e289069476","state":17,"extension":[]}\n\n: hello\n\n',
          );
        }
      },
      pieces: async () => server.dribble(3),
      async silence() {
        listeners.silent();
        server.silence();
      },
      async refuseLogin() {
        server.expireTokens();
        server.refuse('login');
        server.cut();
      },
      async flood(changes) {
        for (let count = 0; count < changes; count += 1) {
          const extension = count % 2 === 0 ? '11' : '12';
          const line = count % 4 < 2 ? 'in-use' : 'idle';
          server.state({ customer: server.account, extension, line, presence: 'available' });
        }
      },
    },
    secrets: server.secrets,
    settled: listeners.settled,
    received: () =>
      server.requests.flatMap(({ method, path, body }) => {
        if (method === 'DELETE') return { name: 'drop' as const, dialString: undefined };
        if (method !== 'POST' || !path.endsWith('/calls')) return [];
        return { name: 'makeCall' as const, dialString: String(JSON.parse(body).callee) };
      }),
    close: () => server.close(),
  };
}

describeDriver({
  kind: 'nfon',
  subjectId: 'fake',
  subject: 'a loopback server written from the documentation of the CTI API',
  declaration: NFON,
  openSubject,
});
