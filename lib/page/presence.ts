// Who is already at work in this frame: gate and page script share the isolated world's global object, which the page
// cannot see, and leave a note there, so that a second injection does nothing and the gate ends when the page script is
// there. No imports: the gate uses it.

/** Someone at work in this frame. `isAlive` is false once its extension is gone. */
export interface Presence {
  isAlive(): boolean;
  close(): void;
}

export type Role = 'gate' | 'page';

/** Who plays a role in this frame, if anybody. */
export function presenceOf(scope: object, role: Role): Presence | undefined {
  // Only this module writes the key, and always a Presence.
  return Reflect.get(scope, keyOf(role)) as Presence | undefined;
}

/** Takes a role in this frame, or gives it up. */
export function setPresence(scope: object, role: Role, presence: Presence | undefined): void {
  Reflect.set(scope, keyOf(role), presence);
}

function keyOf(role: Role): symbol {
  return Symbol.for(`offhook.${role}`);
}
