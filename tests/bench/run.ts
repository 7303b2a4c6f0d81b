// `npm run bench`: what Offhook costs, each figure beside a reference that was measured in the same run. docs/bench.md
// says what the rows mean. A new family is a file in rows/ and a line here.
import { runBench } from './bench.ts';
import { amiToAgent, pbxLoad, pbxResync } from './rows/ami.ts';
import { clickToDriver } from './rows/click-to-driver.ts';
import { contactImports } from './rows/contact-import.ts';
import { contactLookup } from './rows/contact-lookup.ts';
import { extensionMemory } from './rows/extension-memory.ts';
import { fanOut } from './rows/fan-out.ts';
import { finderQuality } from './rows/finder-quality.ts';
import { finderMail, finderTable } from './rows/finder-speed.ts';
import { gateBytes } from './rows/gate-bytes.ts';
import { journalSearch } from './rows/journal-search.ts';
import { pageChurn } from './rows/page-churn.ts';
import { pageHeap } from './rows/page-heap.ts';
import { pageTasks } from './rows/page-tasks.ts';
import { panelScroll } from './rows/panel-scroll.ts';
import { popupOpen } from './rows/popup-open.ts';
import { resume } from './rows/resume.ts';
import { ringToName } from './rows/ring-to-name.ts';
import { ringToNotification } from './rows/ring-to-notification.ts';

const startedAt = performance.now();

const code = await runBench({
  args: process.argv.slice(2),
  families: [
    ringToNotification,
    ringToName,
    clickToDriver,
    popupOpen,
    gateBytes,
    panelScroll,
    pageTasks,
    pageChurn,
    pageHeap,
    finderQuality,
    finderTable,
    finderMail,
    fanOut,
    resume,
    contactLookup,
    ...contactImports,
    journalSearch,
    extensionMemory,
    amiToAgent,
    pbxLoad,
    pbxResync,
  ],
  print: (text) => console.log(text),
  say: (text) => console.error(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`),
});
// What a stage that did not come up may have left open must not hold the bench; the result is written first.
process.stdout.write('', () => process.exit(code));
