// What processes that share a database tell each other without storing it. A store that only one process uses has none.

/** Messages between processes. */
export interface Announcements {
  /** Tells every other process. It may be lost: nobody may depend on it. */
  announce(message: string): void;
  /** Adds a receiver of what the others announce. */
  onAnnouncement(listener: (message: string) => void): void;
}
