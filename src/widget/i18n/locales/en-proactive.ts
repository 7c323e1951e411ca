// English texts that only a form that opens automatically needs; loaded with it (chunks/proactive.ts).

/** The last part of the English table. */
export const enProactive = {
  'open-never': 'Don’t open this automatically again',
} as const;
