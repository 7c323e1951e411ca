// Everything the hours depend on, as plain data. How operators write it is config/.

import type { Profile } from './rules.js';
import type { Week } from './week.js';

/** What the page does while the business is closed. `hide`: the page's own fallback; `message`: say so; `schedule`: offer times. */
export type WhenClosed = 'hide' | 'message' | 'schedule';

/** When the business's agent answers, on the business's own clock, and what the page does when it does not. */
export interface BusinessHours {
  readonly zone: string;
  readonly week: Week;
  readonly whenClosed: WhenClosed;
}

/** Everything the hours depend on. */
export interface HoursSettings {
  readonly profile: Profile;
  /** The operator's own hours on every called number's clocks. They narrow the profile; with `off` they apply alone. */
  readonly own?: Week;
  /** Dates without calls, at the number's place and at the business's: YYYY-MM-DD, or MM-DD for every year. */
  readonly closed: ReadonlySet<string>;
  readonly business?: BusinessHours;
  /** Minutes a call needs before the hours end, 0 to 120. */
  readonly roomMinutes: number;
}

/** What applies when nothing is set. */
export const defaultHoursSettings: HoursSettings = { profile: 'requested', closed: new Set(), roomMinutes: 10 };
