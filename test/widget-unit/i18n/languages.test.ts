// The tables of the 20 languages against English and against Intl, and how a language is chosen.
// Mutations that turn each red: drop a key, a placeholder or a plural form of any table; forget one of `fixedTags`; a language that
// the build does not know; an ordinary space for a no-break space in Czech, Polish or French; a half-width mark, or a
// space after a full-width one, in Japanese or Chinese; an ending, particle or prefix on a placeholder; a masculine imperative;
// Intl's text unchanged.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languages as offered } from '../../../demo/configurator/settings.js';
import { chunks } from '../../../scripts/chunks.js';
import { en } from '../../../src/widget/i18n/locales/en.js';
import { enPhases } from '../../../src/widget/i18n/locales/en-phases.js';
import { en as enFollowUp } from '../../../src/widget/follow-up/locales/en.js';
import { languages as followUpLanguages } from '../../../src/widget/follow-up/texts.js';
import { en as enQueue } from '../../../src/widget/queue/locales/en.js';
import { languages as queueLanguages } from '../../../src/widget/queue/texts.js';
import { enProactive } from '../../../src/widget/i18n/locales/en-proactive.js';
import { chooseLanguage, languages } from '../../../src/widget/i18n/languages.js';
import { duration, joinSentences, relativeTime } from '../../../src/widget/i18n/format.js';
import { createLocalizer, type Plural, type StringTable } from '../../../src/widget/i18n/localizer.js';

// The tables of two chunks load separately; the same rules hold for them.
const english: StringTable = { ...en, ...enPhases, ...enProactive, ...enFollowUp, ...enQueue };
const keys = Object.keys(english) as (keyof typeof english)[];
const others = Object.entries(languages).map(
  async ([code, load]) =>
    [
      code,
      {
        ...(await load()).table,
        ...(await followUpLanguages[code]?.())?.table,
        ...(await queueLanguages[code]?.())?.table,
      },
    ] as const,
);
const tables: readonly (readonly [string, StringTable])[] = [['en', english], ...(await Promise.all(others))];

const formsOf = (text: string | Plural | undefined): readonly string[] =>
  typeof text === 'string' ? [text] : Object.values(text ?? {});
const slotsOf = (text: string): readonly string[] => (text.match(/\{[^}]*\}?/g) ?? []).sort();

test('there are twenty languages', () => {
  assert.equal(tables.length, 20);
});

test('every language except English is a chunk', () => {
  const built = chunks.map(({ module }) => module).filter((module) => module.includes('/locales/'));
  assert.deepEqual(
    built.sort(),
    ['follow-up', 'i18n', 'queue'].flatMap((room) =>
      Object.keys(languages)
        .sort()
        .map((code) => `src/widget/${room}/locales/${code}.ts`),
    ),
  );
});

test('the configurator offers every language once', () => {
  const codes = offered.map((tag) => chooseLanguage([tag]).code);
  assert.deepEqual([...codes].sort(), ['en', ...Object.keys(languages)].sort());
});

for (const [code, table] of tables) {
  test(`${code}: has every sentence and no others, none of them empty or left in English`, () => {
    assert.deepEqual(Object.keys(table).sort(), [...keys].sort());
    // Words that are the same in both languages, not sentences.
    const isSame = (key: (typeof keys)[number]): boolean =>
      table[key] === english[key] && formsOf(table[key]).some((form) => /\s.*\s/.test(form));
    assert.deepEqual(
      keys.filter((key) => formsOf(table[key]).some((form) => form.trim() === '') || (code !== 'en' && isSame(key))),
      [],
    );
  });

  test(`${code}: has the same placeholders as English in every sentence and every plural form`, () => {
    for (const key of keys) {
      const wanted = slotsOf(formsOf(english[key])[0] ?? '');
      const text = table[key];
      const forms = typeof text === 'string' ? { other: text } : (text ?? {});
      for (const [category, form] of Object.entries<string>(forms)) {
        // A form for exactly one or two may use a word instead: Arabic and Hebrew have a dual.
        const isInWords = !form.includes('{') && (category === 'one' || category === 'two');
        if (!isInWords) assert.deepEqual(slotsOf(form), wanted, `${key}: ${form}`);
      }
    }
  });

  test(`${code}: uses the language’s plural categories`, () => {
    const { locale } = chooseLanguage([code]);
    const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    for (const key of keys) {
      assert.equal(typeof table[key], typeof english[key], key);
      if (typeof table[key] === 'object') assert.deepEqual(Object.keys(table[key]).sort(), [...wanted].sort(), key);
    }
  });

  test(`${code}: the consent names who calls, at which number, and with what voice`, () => {
    const localizer = createLocalizer({ locale: chooseLanguage([code]).locale, table });
    const consent = localizer.t('consent', { business: 'Harbour Dental' });
    assert.match(consent, /Harbour Dental/);
    assert.match(consent, /\b(?:AI|KI|IA)\b|umělou inteligencí|tekoäly|yapay zekâ|الذكاء الاصطناعي|בינה מלאכותית/);
  });
}

test('every sentence with a time works with the time alone', () => {
  // Only the time today, a day and a time later: a preposition in front would fit only one of the two.
  for (const [code, table] of tables) {
    if (code === 'en') continue;
    for (const key of ['closed-detail', 'retry-at', 'scheduled-title'] as const) {
      assert.match(formsOf(table[key]).join(), /[:：][\s\u200b]?\{time\}/, `${code} ${key}`);
    }
  }
});

/** Sentences that break a rule of their language's typography, as `language key: sentence`. */
const breaking = (codes: readonly string[], rule: RegExp): readonly string[] =>
  tables
    .filter(([code]) => codes.includes(code))
    .flatMap(([code, table]) =>
      keys.flatMap((key) =>
        formsOf(table[key])
          // The consent is recorded verbatim: plain spaces only.
          .filter((form) => key !== 'consent' && rule.test(form))
          .map((form) => `${code} ${key}: ${form}`),
      ),
    );

test('no line ends with a one-letter word in Czech and Polish', () => {
  assert.deepEqual(breaking(['cs', 'pl'], /(?<!\p{L})[aiouvkswz] /iu), []);
});

test('no ellipsis can wrap onto a line of its own', () => {
  assert.deepEqual(
    breaking(
      tables.map(([code]) => code),
      / …/,
    ),
    [],
  );
});

test('French punctuation has a no-break space before it, a Spanish question its opening mark', () => {
  assert.deepEqual(breaking(['fr'], /(?<!\u202f)[?!;]|(?<!\u00a0):|'/), []);
  assert.deepEqual(breaking(['es'], /^[^¿]*\?|^[^¡]*!/), []);
});

test('Japanese and Chinese use full-width punctuation, with no space around it', () => {
  assert.deepEqual(breaking(['ja', 'zh'], /[,;:!?()]|\s[。、，！？：；（）]|[。、，！？：；（）]\s/), []);
});

test('no placeholder is followed by a Korean particle or Turkish ending that depends on the preceding sound, or preceded by a Hebrew prefix', () => {
  assert.deepEqual(breaking(['ko'], /\{(?!range)\w+\}[은는이가을를과와로으]/), []);
  assert.deepEqual(breaking(['tr'], /\{\w+\}['’\p{L}]/u), []);
  assert.deepEqual(breaking(['he'], /[\p{L}\u05be-]\{/u), []);
});

test('Arabic and Hindi do not address the reader as a man', () => {
  const imperatives =
    /(?<!\p{L})(?:اختر|أدخل|استخدم|اكتب|اقرأه|ابدأ|أبقِ|احصل|اطلب|أجب|اتصل|حاول|تحقق|ضع|وضع العلامة|تريد|تختاره)(?!\p{L})/u;
  assert.deepEqual(breaking(['ar'], imperatives), []);
  assert.deepEqual(breaking(['hi'], /(?<!\p{L}|अपने )आप [^।]*(?:ते|थे|ेंगे)(?![\p{L}\p{M}])/u), []);
});

test('no name follows a word that changes before a vowel', () => {
  assert.deepEqual(breaking(['es', 'it'], /\b[yeo] \{(?:agent|business)\}/), []);
  const french = tables.find(([code]) => code === 'fr')?.[1] ?? {};
  assert.doesNotMatch(keys.flatMap((key) => formsOf(french[key])).join('\n'), /\b(?:de|que) \{(?:agent|business)\}/);
});

for (const [tags, code, locale] of [
  [['de'], 'de', 'de'],
  [['de-AT'], 'de', 'de-AT'],
  [['DE_at'], 'de', 'de-AT'],
  [['en-GB'], 'en', 'en-GB'],
  [['pt'], 'pt', 'pt-BR'],
  [['pt-PT'], 'pt', 'pt-BR'],
  [['zh'], 'zh', 'zh-Hans'],
  [['zh-CN'], 'zh', 'zh-Hans'],
  [['zh-Hant-TW'], 'zh', 'zh-Hans'],
  [['no'], 'nb', 'nb'],
  [['nn-NO'], 'nb', 'nb'],
  [['nb-NO'], 'nb', 'nb'],
  [['iw'], 'he', 'he'],
  [['ar-EG'], 'ar', 'ar-EG'],
  [['fil', 'fi'], 'fi', 'fi'],
  [['th', 'ja-JP', 'de'], 'ja', 'ja-JP'],
  [['', undefined, null, 'sv'], 'sv', 'sv'],
  [['en-US@posix', '<b>', 'constructor', 'toString', 'tr'], 'tr', 'tr'],
  [['th', 'x-klingon'], 'en', 'en'],
  [[], 'en', 'en'],
] as const) {
  test(`${JSON.stringify(tags)} selects ${code} and formats times as ${locale}`, () => {
    assert.deepEqual(chooseLanguage(tags), { code, locale });
  });
}

test('a phone number keeps its order in right-to-left text, including the page’s own sentences', () => {
  const hebrew = createLocalizer({
    locale: 'he',
    table: { 'call-us': 'אל {number}', reference: '{id}' },
    page: { heading: '{number}!' },
  });
  assert.equal(hebrew.t('call-us', { number: '+44 20 7946 0958' }), 'אל \u2066+44\u00a020\u00a07946\u00a00958\u2069');
  assert.equal(hebrew.t('heading', { number: '+1' }), '\u2066+1\u2069!');
  assert.equal(hebrew.t('reference', { id: '7-a' }), '\u20667-a\u2069');
  assert.equal(
    createLocalizer({ locale: 'de', table: { 'call-us': '{number}' } }).t('call-us', { number: '+1' }),
    '+1',
  );
});

test('a name keeps its punctuation in right-to-left text, whatever its own direction', () => {
  const text = (locale: string): string =>
    createLocalizer({ locale, table: { consent: '— {business} —' } }).t('consent', { business: 'Harbor Inc.' });
  assert.deepEqual(
    [text('ar'), text('he'), text('sv')],
    ['— \u2068Harbor Inc.\u2069 —', '— \u2068Harbor Inc.\u2069 —', '— Harbor Inc. —'],
  );
});

test('a plural form is chosen by the language’s rules', async () => {
  const forms = { few: '{range} few', many: '{range} many', other: '{range} other' };
  const text = (locale: string, count: number): string =>
    createLocalizer({ locale, table: { digits: forms } }).t('digits', { count, range: count });
  assert.deepEqual(
    [text('pl', 3), text('pl', 9), text('ar', 10), text('ar', 11), text('ja', 3)],
    ['3 few', '9 many', '10 few', '11 many', '3 other'],
  );
});

test('the page’s sentence overrides the site’s, which overrides the table; malformed overrides break nothing', () => {
  const localizer = createLocalizer({
    locale: 'en',
    table: { heading: 'table', submit: 'table', open: 'table', close: 'table' },
    site: { heading: 'site', submit: 'site' },
    page: { heading: 'page', open: null, close: 5, unheard: 'of' } as never,
  });
  const keys = ['heading', 'submit', 'open', 'close'] as const;
  assert.deepEqual(
    keys.map((key) => localizer.t(key)),
    ['page', 'site', 'table', ''],
  );
  assert.deepEqual([localizer.isFromPage('heading'), localizer.isFromPage('submit')], [true, false]);
  assert.equal(localizer.has('unheard'), false);
});

test('numbers and a.m. or p.m. are never separated from what they belong to', () => {
  const now = (): number => Date.UTC(2026, 2, 3, 8);
  const arabic = createLocalizer({ locale: 'ar', table: { 'read-back': '{number} ({country})' }, now });
  assert.match(arabic.formatTime(now(), 'UTC'), /8:00\u00a0/);
  const english = createLocalizer({ locale: 'en', table: { 'read-back': '{number} ({country})' }, now });
  assert.equal(english.t('read-back', { number: '+1 2', country: 'New York' }), '+1\u00a02 (New York)');
});

test('consecutive sentences have a space between them, except after full-width punctuation', () => {
  assert.equal(joinSentences(['One.', 'Two.']), 'One. Two.');
  assert.equal(joinSentences(['一。', '二。']), '一。二。');
});

test('Intl’s numbers are adjusted to what a native reader expects', () => {
  // Whatever this browser's locale data produces: no space before a Japanese unit, no count said twice.
  for (const value of [1, 2, 3, 11, 100]) {
    assert.equal(duration(value * 60_000, 'ja'), `${String(value)}分`);
    assert.equal(relativeTime(value, 'minute', 'ja'), `${String(value)}分後`);
    for (const unit of ['minute', 'hour', 'day'] as const) {
      assert.doesNotMatch(relativeTime(value, unit, 'he'), /[()]/);
    }
  }
  assert.equal(duration(120_000, 'en'), '2 minutes');
  assert.equal(relativeTime(2, 'hour', 'en'), 'in 2 hours');
});

test('the English consent is the approved legal text, without contractions', () => {
  assert.equal(
    en.consent,
    'I agree to receive a call from {business} at this number from an AI voice agent about my request.',
  );
});
