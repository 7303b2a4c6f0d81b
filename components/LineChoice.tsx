// Which of several own lines a call goes out on, and which one it is without asking.
import type { Line } from '@offhook/protocol';
import { Button } from './Button.tsx';
import { useWords } from './words.ts';

/** Whether calls can be started on a line. */
export function canCall(line: Line): boolean {
  return line.capabilities.includes('makeCall');
}

/** The line that calls go out on: the chosen one, else the default, else the first that can. */
export function callingLine(ownLines: readonly Line[], ...wanted: (string | undefined)[]): Line | undefined {
  const able = ownLines.filter(canCall);
  const chosen = wanted.map((lineId) => able.find((one) => one.lineId === lineId)).find((line) => line !== undefined);
  return chosen ?? able[0] ?? ownLines[0];
}

export interface LineChoiceProps {
  lines: readonly Line[];
  line: Line | undefined;
  defaultLineId: string | undefined;
  onChoose: (lineId: string) => void;
  /** Makes it the default; undefined where that cannot be kept. */
  onDefault: ((lineId: string) => void) | undefined;
}

/** Nothing for those with one line. */
export function LineChoice({ lines, line, defaultLineId, onChoose, onDefault }: LineChoiceProps) {
  const { t } = useWords();
  if (lines.length < 2) return null;
  const usual = callingLine(lines, defaultLineId);
  return (
    <div class="dial__line small muted">
      <label class="dial__line-label">
        {t('dial_line_label')}
        <select class="input dial__select" onChange={(event) => onChoose(event.currentTarget.value)}>
          {lines.map((one) => (
            <option key={one.lineId} value={one.lineId} selected={one.lineId === line?.lineId} disabled={!canCall(one)}>
              {`${t('line_named', { extension: one.extension })} · ${one.device ?? one.name}`}
            </option>
          ))}
        </select>
      </label>
      {onDefault && line && line !== usual && (
        <Button kind="ghost" label={t('dial_line_default')} onClick={() => onDefault(line.lineId)} />
      )}
    </div>
  );
}
