// Whether the chosen colors are readable: contrast as WCAG 2.2 defines it. The element's default colors are known to be sufficient.

/** The element's default colors (polyai-callback.styles.ts). */
const own = {
  accent: '#4f46e5',
  'on-accent': '#ffffff',
  light: {
    surface: '#ffffff',
    text: '#191b22',
    muted: '#59606d',
    control: '#858b98',
    danger: '#b3261e',
    success: '#17734a',
  },
  dark: {
    surface: '#17181d',
    text: '#f2f3f6',
    muted: '#a9afbb',
    control: '#777d8a',
    danger: '#ffb4ab',
    success: '#6fdca4',
  },
};

/** Minimum contrast of text (WCAG 2.2, 1.4.3). */
const enough = 4.5;
/** Minimum contrast of a field's border (WCAG 2.2, 1.4.11). */
const enoughForBorders = 3;
/** The other colors used on the card, with a warning for each. */
const onCard = {
  muted: ['The secondary text is hard to read on the card', enough],
  danger: ['Errors are hard to read on the card', enough],
  success: ['The icon of a completed call is hard to see on the card', enoughForBorders],
  control: ['The borders of fields are hard to see on the card', enoughForBorders],
};

/** Contrast of two `#rrggbb` colors, 1 to 21. */
export function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance (WCAG 2.2). */
function luminance(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * Contrast warnings for the chosen colors. `instead`: colors that fix the contrast.
 * Every theme that visitors may see is checked.
 */
export function contrastWarnings({ styles, theme }) {
  const accent = styles.accent || own.accent;
  const onAccent = styles['on-accent'] || own['on-accent'];
  const themes = theme === 'auto' ? ['light', 'dark'] : [theme];
  const warnings = [];
  const note = (ratio, text, instead, minimum = enough) => {
    if (ratio < minimum)
      warnings.push({
        text: `${text} The contrast is ${ratio.toFixed(1)}:1; it should be at least ${String(minimum)}:1.`,
        instead,
      });
  };
  const better = contrast(accent, '#ffffff') >= contrast(accent, '#000000') ? '#ffffff' : '#000000';
  note(contrast(accent, onAccent), 'The button text is hard to read.', { 'on-accent': better });
  for (const name of themes) {
    const surface = styles.surface || own[name].surface;
    const text = styles.text || own[name].text;
    const readable = contrast(surface, '#191b22') >= contrast(surface, '#f2f3f6') ? '#191b22' : '#f2f3f6';
    const where = themes.length > 1 ? ` on a ${name} page` : '';
    note(contrast(surface, text), `The text is hard to read on the card${where}.`, { text: readable });
    for (const [color, [words, minimum]] of Object.entries(onCard)) {
      const ratio = contrast(surface, styles[color] || own[name][color]);
      // The default color fails only because of the chosen card color; the chosen text color is readable on it.
      note(ratio, `${words}${where}.`, { [color]: contrast(surface, text) >= enough ? text : readable }, minimum);
    }
    // In dark mode, the element lightens links automatically.
    if (name === 'light')
      note(contrast(surface, accent), `Links in the main color are hard to read on the card${where}.`);
  }
  return warnings;
}
