// Everything that calling hours depend on, as plain data. How operators write it is defined in config/.

import type { Profile } from './rules.js';
import type { Week } from './week.js';

/** What the page does while the business is closed. `hide`: the page's own fallback; `message`: a message; `schedule`: times to choose from. */
export type WhenClosed = 'hide' | 'message' | 'schedule';

/** When the business's agent answers, in the business's time zone, and what the page does the rest of the time. */
export interface BusinessHours {
  readonly zone: string;
  readonly week: Week;
  readonly whenClosed: WhenClosed;
}

/** Everything that calling hours depend on. */
export interface HoursSettings {
  readonly profile: Profile;
  /** The operator's own hours, in every time zone of the called number. They narrow the profile; with `off` they apply alone. */
  readonly own?: Week;
  /** Dates without calls, in the number's time zones and in the business's: YYYY-MM-DD, or MM-DD for every year. */
  readonly closed: ReadonlySet<string>;
  readonly business?: BusinessHours;
  /** How many minutes before closing the last call may begin, 0 to 120. */
  readonly roomMinutes: number;
}

/** The defaults. */
export const defaultHoursSettings: HoursSettings = { profile: 'requested', closed: new Set(), roomMinutes: 10 };
