// With which relay this browser is connected, and as whom; or the form to connect it. Disconnecting asks once, in place.
import { useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { LinkBanner } from './LinkBanner.tsx';
import { LinkWord } from './LinkWord.tsx';
import { Note } from './Note.tsx';
import type { OptionsProps } from './OptionsView.tsx';
import { PairForm } from './PairForm.tsx';
import { Panel } from './Panel.tsx';
import { useNow } from './use-now.ts';
import { useWords } from './words.ts';

/** The first part of the options page. */
export function ConnectionSection(
  props: Pick<OptionsProps, 'state' | 'connection' | 'pairing' | 'onDisconnect' | 'settings'>,
) {
  const { state, connection, pairing, onDisconnect } = props;
  const { relay, locked } = props.settings.policy;
  const { t } = useWords();
  const now = useNow();
  if (!connection) {
    const hint = pairing.companySignIn?.isOnlyWay ? t('sign_in_only_hint') : t('options_connect_hint');
    return (
      <Panel title={t('options_connection')} hint={hint}>
        {relay !== undefined && <p>{t('options_relay_company', { relay: hostOf(relay) })}</p>}
        <PairForm {...pairing} relay={relay} />
      </Panel>
    );
  }
  return (
    <Panel title={t('options_connection')}>
      <LinkBanner state={state} now={now} />
      <dl class="facts">
        <Fact name={t('options_connected_as')} value={state.user?.name ?? connection.userName} />
        <Fact name={t('options_relay')} value={connection.relay} />
        {state.relayVersion !== undefined && <Fact name={t('options_relay_version')} value={state.relayVersion} />}
        <dt class="muted">{t('options_status')}</dt>
        <dd>
          <LinkWord link={state.link} />
        </dd>
      </dl>
      {locked.includes('relay') && relay !== undefined && hostOf(relay) !== connection.relay && (
        <Note kind="error" text={t('options_relay_other', { relay: hostOf(relay) })} />
      )}
      {/* What refuses this browser for good is mended by pairing anew. */}
      {state.link.type === 'refused' && <PairForm {...pairing} relay={relay} />}
      <Disconnect onDisconnect={onDisconnect} />
    </Panel>
  );
}

function hostOf(relay: string): string {
  return URL.parse(relay)?.host ?? relay;
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt class="muted">{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </>
  );
}

function Disconnect({ onDisconnect }: { onDisconnect: () => Promise<void> }) {
  const { t } = useWords();
  const [isAsking, setIsAsking] = useState(false);
  if (!isAsking) {
    return (
      <div>
        <Button label={t('options_disconnect')} onClick={() => setIsAsking(true)} />
      </div>
    );
  }
  return (
    <div class="confirm">
      <p>{t('options_disconnect_sure')}</p>
      <div class="confirm__actions">
        <Button kind="danger" label={t('options_disconnect_yes')} onClick={() => void onDisconnect()} />
        <Button label={t('action_cancel')} onClick={() => setIsAsking(false)} />
      </div>
    </div>
  );
}
