// The steps of the tour, in the order of a first day: from the first run to the journal. Each does one thing as a user
// would and says what can be seen of it.
import { chipFor, clickChip, hoverNumber, moveOnto, waitForPainted } from '../stage/marks.ts';
import {
  ADA,
  CONTACT,
  callIn,
  eventually,
  extensionsAt,
  press,
  type Scene,
  type Step,
  seeText,
  WAIT_MS,
} from './scene.ts';

/** Paul Berger of the demo CRM. */
const SECOND = { name: 'Paul Berger', reported: '03023125014' };
/** The second sample group of the simulated phone system, and one of its phones. */
const SUPPORT = { group: '91', member: '13' };
/** Anna Krüger's number as a mail might write it. */
const ELSEWHERE = { name: CONTACT.name, text: 'Tel. 030 / 231 250 07' };
const NOTE = 'Wants the offer split by site; send until Friday';

/** All steps. */
export const STEPS: readonly Step[] = [
  {
    id: 'welcome',
    title: 'the first page says what to do',
    async act(scene) {
      await scene.page('welcome');
      scene.memory.set('welcome', true);
    },
    async check(scene) {
      if (!scene.memory.has('welcome')) throw new Error('the first page was not opened');
      return seeText(await scene.page('welcome'), scene.words('first_run_title'));
    },
    shots: ['welcome', 'popup'],
  },
  {
    id: 'pair',
    title: "the browser is paired by the start page's link",
    act: async ({ stage, agent }) => agent.pair(await stage.pairingLink('ada')),
    async check(scene) {
      await eventually('a signed-in extension at the relay', async () => (await extensionsAt(scene)) === 1);
      return seeText(await scene.page('popup'), `${ADA}`);
    },
    shots: ['popup'],
  },
  {
    id: 'numbers',
    title: 'numbers in the CRM are marked',
    act: (scene) => scene.openCrm(),
    async check(scene) {
      const painted = await waitForPainted(scene.crm(), 20);
      if (!painted.includes(CONTACT.text)) throw new Error(`${CONTACT.text} is not among ${painted.join(', ')}`);
      return `${painted.length} numbers painted`;
    },
    shots: ['crm'],
  },
  {
    id: 'chip',
    title: 'the mouse on a number brings the chip',
    act: (scene) => hoverNumber(scene.crm(), { ...CONTACT, verb: scene.words('chip_call') }),
    async check(scene) {
      const box = await (await chipFor(scene.crm(), CONTACT.e164, scene.words('chip_call'))).boundingBox();
      if (!box) throw new Error('the chip has no place');
      return `Call ${CONTACT.e164}`;
    },
    shots: ['crm'],
  },
  {
    id: 'dial',
    title: 'one click on it orders the call',
    act: async (scene) => clickChip(scene.crm(), await chipFor(scene.crm(), CONTACT.e164, scene.words('chip_call'))),
    check: (scene) => callIn(scene, 'prompting', 'our own phone rings'),
    shots: ['popup', 'sidepanel'],
  },
  {
    id: 'talk',
    title: 'own phone lifted, far end answers',
    async act({ stage }) {
      await stage.desk.lift(ADA);
      await stage.desk.farAnswers(ADA);
    },
    async check(scene) {
      await callIn(scene, 'connected', 'a connected call');
      return seeText(await scene.page('popup'), scene.words('call_state_connected'));
    },
    shots: ['sidepanel'],
  },
  {
    id: 'note',
    title: 'a note is written while talking, and the relay keeps it',
    async act(scene) {
      const panel = await scene.page('sidepanel');
      await panel.bringToFront();
      await panel.locator('.note-field__text').fill(NOTE);
      await press(panel, scene.words('disposition_callBack'));
    },
    async check({ stage }) {
      await eventually('the note in the journal', async () => (await stage.journal())[0]?.note === NOTE);
      return `"${NOTE}"`;
    },
    shots: ['sidepanel'],
  },
  {
    id: 'hang-up',
    title: 'the popup hangs up',
    act: async (scene) => press(await scene.page('popup'), scene.words('action_hang_up')),
    check: (scene) => callIn(scene, 'ended', 'the end of the call'),
    shots: ['popup'],
  },
  {
    id: 'card',
    title: 'the card beside a number knows whom it belongs to, and the last call',
    async act(scene) {
      const crm = scene.crm();
      await crm.bringToFront();
      // What was marked while the tab was behind another one is painted once it is seen.
      const moved = () =>
        moveOnto(crm, CONTACT.text).then(
          () => true,
          () => false,
        );
      await eventually(`${CONTACT.text} to be painted in view`, moved);
      await chipFor(crm, CONTACT.e164, scene.words('chip_call'));
      await press(crm, scene.words('chip_open'));
    },
    async check(scene) {
      const [youCalled = ''] = scene.words('card_you_called').split('$');
      const told = (text: string) => treeSays(scene, text);
      await eventually(`a card that says "${CONTACT.name}"`, () => told(CONTACT.name));
      await eventually(`a card that says "${youCalled}"`, () => told(youCalled.trim()));
      return `"${CONTACT.name}", "${youCalled.trim()} …"`;
    },
    shots: ['crm'],
  },
  {
    id: 'ring',
    title: 'a caller from outside rings and is known by name',
    act: ({ stage }) => stage.desk.callIn({ from: CONTACT.reported, to: ADA }),
    async check(scene) {
      await callIn(scene, 'offering', 'a ringing call');
      await eventually('a notification', async () => (await scene.agent.notifications()).length === 1);
      return seeText(await scene.page('popup'), 'Anna Krüger');
    },
    shots: ['caller', 'sidepanel', 'popup'],
  },
  {
    id: 'contact',
    title: 'the notification opens the contact in the CRM tab that is open',
    async act({ agent }) {
      const [notification = ''] = await agent.notifications();
      await agent.pressNotification(notification, -1);
    },
    async check(scene) {
      const crm = scene.crm();
      await crm.waitForFunction((path) => location.pathname === path, { timeout: WAIT_MS, polling: 100 }, CONTACT.page);
      const tabs = (await scene.agent.browser.pages()).filter((page) => page.url().startsWith(scene.crmUrl));
      if (tabs.length !== 1) throw new Error(`the CRM is open in ${tabs.length} tabs`);
      return CONTACT.page;
    },
    shots: ['crm'],
  },
  {
    id: 'answer',
    title: 'the caller window answers',
    act: async (scene) => press(await scene.agent.callerWindow(), scene.words('action_answer')),
    check: (scene) => callIn(scene, 'connected', 'a connected call'),
    shots: ['caller', 'sidepanel'],
  },
  {
    id: 'second',
    title: 'a second caller waits beside the first',
    act: ({ stage }) => stage.desk.callIn({ from: SECOND.reported, to: ADA }),
    check: async (scene) => seeText(await scene.page('sidepanel'), SECOND.name),
    shots: ['sidepanel', 'caller'],
  },
  {
    id: 'decline',
    title: 'the second call is declined, the first goes on',
    act: async (scene) => press(await scene.page('sidepanel'), scene.words('action_decline')),
    async check({ stage }) {
      const line = await stage.lineUntil(ADA, 'a declined call beside a talk', ({ calls }) =>
        calls.some(({ cause }) => cause === 'rejected'),
      );
      if (!line.calls.some(({ state }) => state === 'connected')) throw new Error('the first call did not go on');
      return 'one call rejected, one connected';
    },
    shots: [],
  },
  {
    id: 'worker',
    title: 'the browser ends the worker in the middle of the call',
    async act(scene) {
      scene.memory.set('workerBornAt', await workerBornAt(scene));
      await scene.agent.stopWorker();
    },
    async check(scene) {
      const before = scene.memory.get('workerBornAt');
      if (typeof before !== 'number') throw new Error('the worker was not ended');
      await eventually('a new worker', async () => (await workerBornAt(scene)) > before);
      await eventually('one signed-in extension', async () => (await extensionsAt(scene)) === 1);
      await eventually('no notification', async () => (await scene.agent.notifications()).length === 0);
      return seeText(await scene.page('popup'), scene.words('call_state_connected'));
    },
    shots: ['popup'],
  },
  {
    id: 'relay',
    title: 'the relay is killed and started again',
    async act({ stage, memory }) {
      memory.set('relayPid', stage.relay.pid);
      await stage.relay.kill();
      await stage.relay.start();
    },
    async check(scene) {
      const relayPid = scene.memory.get('relayPid');
      if (relayPid === undefined || scene.stage.relay.pid === relayPid) throw new Error('the relay was not restarted');
      await eventually('the link to come back', async () => (await extensionsAt(scene)) === 1, 60_000);
      await callIn(scene, 'connected', 'the call to go on');
      return seeText(await scene.page('popup'), scene.words('call_state_connected'));
    },
    shots: ['popup'],
  },
  {
    id: 'journal',
    title: 'the caller hangs up, and both calls are in the journal',
    act: ({ stage }) => stage.desk.farHangsUp(ADA),
    async check(scene) {
      await callIn(scene, 'ended', 'the end of the call');
      const want = 'inbound missed, inbound answered, outbound answered';
      const read = async () => {
        const entries = await scene.stage.journal();
        return entries.map(({ direction, outcome }) => `${direction} ${outcome}`).join(', ');
      };
      await eventually(`the journal to say "${want}"`, async () => (await read()) === want);
      return want;
    },
    shots: ['journal', 'caller'],
  },
  {
    id: 'book',
    title: "the call becomes a time entry: the CRM's own form opens, filled in",
    async act(scene) {
      const opened = scene.agent.browser.waitForTarget((target) => target.url().includes('/time/new?'), {
        timeout: WAIT_MS,
      });
      await press(await scene.page('sidepanel'), scene.words('entry_time'));
      const form = await (await opened).page();
      scene.memory.set('form', form);
    },
    async check(scene) {
      const form = await scene.view('form');
      await form.waitForSelector('form [name=subject]', { timeout: WAIT_MS });
      const subject = await form.$eval('form [name=subject]', (field) =>
        field instanceof HTMLInputElement ? field.value : '',
      );
      if (!subject.includes(CONTACT.name)) throw new Error(`the form's subject is "${subject}"`);
      return `"${subject}"`;
    },
    shots: ['form', 'sidepanel'],
  },
  {
    id: 'find',
    title: 'a name is typed, and its numbers are offered',
    async act(scene) {
      const panel = await scene.page('sidepanel');
      await panel.bringToFront();
      await panel.locator('.dial__input').fill('kruger');
    },
    async check(scene) {
      const panel = await scene.page('sidepanel');
      const option = await panel.waitForSelector('[role=option]', { timeout: WAIT_MS });
      const text = (await option?.evaluate((one) => one.textContent)) ?? '';
      if (!text.includes(CONTACT.name)) throw new Error(`the first suggestion is "${text}"`);
      await panel.waitForSelector('.dial__digits', { timeout: WAIT_MS });
      return `"kruger" finds ${CONTACT.name}`;
    },
    shots: ['sidepanel'],
  },
  {
    id: 'team',
    title: 'a ring group rings, and a colleague takes the call',
    async act(scene) {
      await (await scene.page('sidepanel')).locator('.dial__input').fill('');
      await scene.stage.desk.callIn({ from: SECOND.reported, to: SUPPORT.group });
    },
    async check(scene) {
      const panel = await scene.page('sidepanel');
      await panel.waitForSelector('.line-row--ringing', { timeout: WAIT_MS }).catch(() => {
        throw new Error('no line of a colleague is shown as ringing');
      });
      return 'three lines ring';
    },
    shots: ['sidepanel', 'popup', 'desk'],
  },
  {
    id: 'pages',
    title: 'deals, tickets, mails, forms and frames of the CRM are read, too',
    async act(scene) {
      await scene.stage.desk.lift(SUPPORT.member);
      await scene.stage.desk.farHangsUp(SUPPORT.member);
      await scene.openCrm('/tickets/t002');
    },
    async check(scene) {
      const painted = await waitForPainted(scene.crm(), 7);
      if (!scene.crm().url().endsWith('/tickets/t002')) throw new Error('the ticket is not open');
      return `${painted.length} numbers painted in a ticket`;
    },
    shots: ['crm'],
  },
  {
    id: 'confirm',
    title: 'a number from elsewhere is asked about in a window of its own, and nothing is dialled',
    async act(scene) {
      // As the menu of the right button brings it, on a page that the extension may not look at.
      const click = {
        menuItemId: 'call-selection',
        selectionText: ELSEWHERE.text,
        pageUrl: 'https://mail.example/inbox',
      };
      const tab = '(await chrome.tabs.query({ active: true, lastFocusedWindow: true }))[0]';
      const code = `(async () => chrome.contextMenus.onClicked.dispatch(${JSON.stringify(click)}, ${tab}))()`;
      await scene.page('welcome').then((page) => page.bringToFront());
      await scene.agent.inWorker(code);
    },
    async check(scene) {
      const window = await scene.view('confirm');
      const seen = await seeText(window, ELSEWHERE.name);
      await scene.stage.lineUntil(ADA, 'a line without a call', ({ calls }) =>
        calls.every(({ state }) => state === 'ended'),
      );
      return `${seen}, no call`;
    },
    shots: ['confirm'],
  },
  {
    id: 'options',
    title: 'the options say how everything is set',
    async act(scene) {
      await scene.page('options');
      scene.memory.set('options', true);
    },
    async check(scene) {
      if (!scene.memory.has('options')) throw new Error('the options were not opened');
      return seeText(await scene.page('options'), scene.words('options_connection'));
    },
    shots: ['options'],
  },
];

// The card lives in a closed root, where only the accessibility tree leads.
async function treeSays(scene: Scene, text: string): Promise<boolean> {
  const session = await scene.crm().createCDPSession();
  try {
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    return nodes.some(({ name }) => String(name?.value ?? '').includes(text));
  } finally {
    await session.detach();
  }
}

async function workerBornAt({ agent }: Scene): Promise<number> {
  // The one that is asked may be just ending.
  return Number(await agent.inWorker('performance.timeOrigin').catch(() => 0));
}
