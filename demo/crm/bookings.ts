// What was entered about calls: activities and times, kept by this browser for the demo's own pages. A tab that shows the
// contact hears at once of what another one saves.
import { useSyncExternalStore } from 'react';

/** What a form holds. */
export interface Booking {
  kind: 'activity' | 'time';
  /** `''` where nobody was chosen. */
  contactId: string;
  subject: string;
  /** As the form had them, local: `2026-11-22T11:01:05`. */
  from: string;
  to: string;
  note: string;
}

const KEY = 'bookings';
const MOST_BOOKINGS = 200;
// The browser tells the other tabs only.
const HERE = 'bookings';

/** What was saved of it. */
interface KeptBooking extends Booking {
  id: string;
}

/** Adds one; the newest stands first. */
export function book(booking: Booking): void {
  const kept: KeptBooking = { ...booking, id: crypto.randomUUID() };
  localStorage.setItem(KEY, JSON.stringify([kept, ...read(stored())].slice(0, MOST_BOOKINGS)));
  dispatchEvent(new Event(HERE));
}

/** What was entered for a contact, the newest first, kept current. */
export function useBookings(contactId: string): readonly KeptBooking[] {
  const text = useSyncExternalStore(subscribe, stored);
  return read(text).filter((booking) => booking.contactId === contactId);
}

/** `42 min`, every minute that was begun. */
export function minutesText({ from, to }: Pick<Booking, 'from' | 'to'>): string {
  return `${Math.max(0, Math.ceil((Date.parse(to) - Date.parse(from)) / 60_000))} min`;
}

function stored(): string {
  return localStorage.getItem(KEY) ?? '[]';
}

// Written by `book` alone.
function read(text: string): KeptBooking[] {
  return JSON.parse(text) as KeptBooking[];
}

function subscribe(onChange: () => void): () => void {
  addEventListener(HERE, onChange);
  addEventListener('storage', onChange);
  return () => {
    removeEventListener(HERE, onChange);
    removeEventListener('storage', onChange);
  };
}
