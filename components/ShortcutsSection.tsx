// The keys that work in every tab, as the browser has assigned them. Only the browser's own page can change them.
import { Button } from './Button.tsx';
import { Panel } from './Panel.tsx';
import { useWords } from './words.ts';

/** A keyboard command of the extension. */
export interface Shortcut {
  name: string;
  /** What it does, in the agent's language. */
  description: string;
  /** `'Alt+Shift+A'`, or `''` where no key is assigned. */
  shortcut: string;
}

/** The list of keys, with the way to change them. */
export function ShortcutsSection({ shortcuts, onOpen }: { shortcuts: readonly Shortcut[]; onOpen: () => void }) {
  const { t } = useWords();
  return (
    <Panel title={t('options_shortcuts')} hint={t('options_shortcuts_hint')}>
      <ul>
        {shortcuts.map(({ name, description, shortcut }) => (
          <li class="shortcut" key={name}>
            <span class="shortcut__what">{description}</span>
            {shortcut === '' ? (
              <span class="small muted">{t('options_shortcut_none')}</span>
            ) : (
              <kbd class="shortcut__keys">{shortcut}</kbd>
            )}
          </li>
        ))}
      </ul>
      <div>
        <Button label={t('options_shortcuts_change')} onClick={onOpen} />
      </div>
    </Panel>
  );
}
