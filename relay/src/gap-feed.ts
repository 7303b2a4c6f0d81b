// Tells one connection when calls may be missing in its journal. Of phone systems on which the viewer watches no line, not
// even that their link broke is told.
import type { ServerMessage } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Viewer } from './access.ts';
import type { Gaps } from './gaps.ts';
import type { BoardLine } from './switchboard.ts';

export interface GapFeedOptions {
  gaps: Pick<Gaps, 'of' | 'onChange'>;
  line(lineId: string): BoardLine | undefined;
  viewer(): Viewer | undefined;
  send(message: ServerMessage): void;
  log(): Logger;
}

export interface GapFeed {
  /** The journal is wanted: tells what there is, and again whenever that changes. */
  start(): void;
  close(): void;
}

/** The gaps for one connection. */
export function createGapFeed({ gaps, line, viewer, send, log }: GapFeedOptions): GapFeed {
  let isWanted = false;
  let hasTold = false;

  async function tell(): Promise<void> {
    try {
      const found = await gaps.of(viewer()?.tenant.tenantId ?? '');
      const who = viewer();
      if (!who) return;
      const watched = who.linesWith('watch');
      const pbxIds = watched === 'all' ? 'all' : new Set([...watched].map((lineId) => line(lineId)?.pbxId));
      const shown = found
        .filter(({ pbxId }) => pbxIds === 'all' || pbxIds.has(pbxId))
        .map(({ gapId, startedAt, endedAt, reason }) => ({ gapId, startedAt, endedAt, reason }));
      // A client that was told of none knows of none.
      if (shown.length === 0 && !hasTold) return;
      hasTold = true;
      send({ type: 'journal-gaps', gaps: shown });
    } catch (error) {
      log().error({ err: error }, 'the gaps of the journal could not be read');
    }
  }

  const stopListening = gaps.onChange((tenantId) => {
    if (isWanted && tenantId === viewer()?.tenant.tenantId) void tell();
  });
  return {
    start() {
      isWanted = true;
      void tell();
    },
    close: stopListening,
  };
}
