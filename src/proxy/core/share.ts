// What one of several instances may do of what all of them together may. Which numbers are divided is decided where they are used.

/** One instance's share of `whole`, when `instances` of them work side by side: together no more than `whole`, but each at least 1. */
export const shareOf = (whole: number, instances: number): number => Math.max(1, Math.floor(whole / instances));
