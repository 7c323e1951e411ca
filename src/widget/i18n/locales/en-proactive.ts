// English, as far as only a form that opens by itself needs it; loaded with that (chunks/proactive.ts).

/** The last part of the English table. */
export const enProactive = {
  'open-never': 'Don’t open this automatically again',
} as const;
