// The ids of the extension builds that this project makes itself: the relay lets them in without being told.

/** The id that the demo build's fixed manifest key gives in Chromium. */
export const DEMO_EXTENSION_ID = 'idbnnkdbgmniplhdepnmnmdhcnjeiiin';
