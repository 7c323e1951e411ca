// Sets of colors to start from. A test checks the contrast of each, in light and dark.

/** `[name, {color: value, theme}]`. A set that colors the card fixes the theme, because all other colors follow it. */
export const presets = [
  ['Indigo', {}],
  ['Forest', { accent: '#0d6b4f' }],
  ['Ocean', { accent: '#0b5cad' }],
  ['Plum', { accent: '#86198f' }],
  ['Brick', { accent: '#b4231f' }],
  ['Graphite', { accent: '#374151' }],
  ['Sand', { theme: 'light', accent: '#8a5a00', surface: '#fffbeb', text: '#241a02' }],
  ['Midnight', { theme: 'dark', accent: '#b9c6ff', 'on-accent': '#10131f', surface: '#10131f', text: '#f1f3ff' }],
];
