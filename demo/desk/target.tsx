// Whom a call goes to: any line, or any ring group by its name.
import type { DeskState } from '../desk-actions.ts';

interface TargetProps {
  label: string;
  state: DeskState;
  value: string;
  onChange: (to: string) => void;
}

/** Lines and ring groups to choose from. */
export function Target({ label, state: { lines, groups }, value, onChange }: TargetProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <optgroup label="Ring groups">
          {groups.map(({ extension, name, members }) => (
            <option key={extension} value={extension}>
              {extension} {name} ({members.join(', ')})
            </option>
          ))}
        </optgroup>
        <optgroup label="Lines">
          {lines.map(({ lineKey, name }) => (
            <option key={lineKey} value={lineKey}>
              {lineKey} {name}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}
