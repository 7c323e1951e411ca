// The hours at which a number may be called, by country and, for the United States, by state. Data with sources.
//
// NOT LEGAL ADVICE: an engineer's reading of public sources as of November 2026. Laws change and have exceptions and
// additions (holidays, states of emergency, consent): check with counsel before you rely on it.
import { newAreaCodes } from './new-area-codes.js';
import { areaCodes } from './tables/area-codes.js';
import { aroundTheClock, bothWeeks, everyDay, weekOf, type Week } from './week.js';

/**
 * `requested`: the visitor requested this call and the consent is stored. `strict`: as for an unrequested call.
 * `off`: no built-in rule; the operator is responsible for every call.
 */
export type Profile = 'requested' | 'strict' | 'off';

/** One rule and where it comes from. */
export type Rule = { readonly week: Week; readonly source: string };

const canada: Rule = {
  week: weekOf({ weekdays: [[9, 21.5]], saturday: [[10, 18]], sunday: [[10, 18]] }),
  source: 'CRTC Unsolicited Telecommunications Rules, Part III, section 23',
};

/** Profile `requested`, by country. */
export const requestedRules: Readonly<Record<string, Rule>> = {
  US: {
    week: everyDay(8, 20),
    source:
      'The narrowest daily hours of the states: Fla. Stat. § 501.616(6), RCW 80.36.390, Okla. Stat. tit. 15 § 775C.4 (which holds even with consent)',
  },
  CA: canada,
};

/** Profile `requested`, every other country. */
export const requestedElsewhere: Rule = {
  week: everyDay(8, 21),
  source: 'Common practice for requested calls; the hours of 47 CFR § 64.1200(c)(1)',
};

/** Profile `strict`, by country. */
export const strictRules: Readonly<Record<string, Rule>> = {
  US: { week: everyDay(8, 21), source: '47 CFR § 64.1200(c)(1)' },
  CA: canada,
  GB: { week: everyDay(8, 21), source: 'Industry practice; neither PECR nor Ofcom sets hours' },
  FR: {
    week: weekOf({
      weekdays: [
        [10, 13],
        [14, 20],
      ],
      saturday: [],
      sunday: [],
    }),
    source: 'Code de la consommation, art. D223-9 (décret 2022-1313)',
  },
  DE: {
    week: weekOf({ weekdays: [[8, 20]], saturday: [[9, 18]], sunday: [] }),
    source: 'Industry practice; § 7 UWG sets no hours',
  },
  ES: {
    week: weekOf({ weekdays: [[9, 21]], saturday: [], sunday: [] }),
    source: 'Real Decreto Legislativo 1/2007, art. 96.2',
  },
  IT: {
    week: weekOf({ weekdays: [[9, 20]], saturday: [[10, 19]], sunday: [] }),
    source: 'Codice di condotta per il telemarketing e teleselling (Garante, 2023)',
  },
  AU: {
    week: weekOf({ weekdays: [[9, 20]], saturday: [[9, 17]], sunday: [] }),
    source: 'Telecommunications (Telemarketing and Research Calls) Industry Standard 2017',
  },
  IN: {
    week: everyDay(10, 21),
    source: 'TRAI, Telecom Commercial Communications Customer Preference Regulations, 2018',
  },
  BR: {
    week: weekOf({ weekdays: [[9, 21]], saturday: [[10, 16]], sunday: [] }),
    source: "Self-regulation code of Brazil's telecommunications trade (SART)",
  },
};

/** Profile `strict`, every other country. */
export const strictElsewhere: Rule = {
  week: weekOf({ weekdays: [[9, 20]], saturday: [[10, 18]], sunday: [] }),
  source:
    'No national law was researched: the hours that none of the laws above forbids on a weekday, except for the French midday break',
};

const sundayOff = { weekdays: [[8, 21]], saturday: [[8, 21]], sunday: [] } as const;

/** Profile `strict`: states of the United States whose hours are narrower than the federal ones. */
export const stateRules: Readonly<Record<string, Rule>> = {
  FL: { week: everyDay(8, 20), source: 'Fla. Stat. § 501.616(6)' },
  WA: { week: everyDay(8, 20), source: 'RCW 80.36.390 (HB 1497 of 2022)' },
  OK: { week: everyDay(8, 20), source: 'Okla. Stat. tit. 15 § 775C.4 (Telephone Solicitation Act of 2022)' },
  MD: { week: everyDay(8, 20), source: 'Stop the Spam Calls Act of 2023 (Md. Code, Commercial Law, title 14)' },
  MA: { week: everyDay(8, 20), source: 'Mass. Gen. Laws ch. 159C' },
  TX: {
    week: weekOf({ weekdays: [[9, 21]], saturday: [[9, 21]], sunday: [[12, 21]] }),
    source: 'Tex. Bus. & Com. Code § 301.051',
  },
  AL: { week: weekOf(sundayOff), source: 'Rules of the Alabama Public Service Commission' },
  LA: { week: weekOf(sundayOff), source: 'Do Not Call order of the Louisiana Public Service Commission' },
  MS: { week: weekOf(sundayOff), source: 'Miss. Code title 77 ch. 3 (Telephone Solicitation Act)' },
};

// Countries with their own code whose numbers fall under another country's law.
const governedBy: Readonly<Record<string, string>> = {
  PR: 'US',
  VI: 'US',
  GU: 'US',
  AS: 'US',
  MP: 'US',
  GG: 'GB',
  JE: 'GB',
  IM: 'GB',
  GP: 'FR',
  MQ: 'FR',
  GF: 'FR',
  RE: 'FR',
  YT: 'FR',
  PM: 'FR',
  BL: 'FR',
  MF: 'FR',
  CX: 'AU',
  CC: 'AU',
  NF: 'AU',
};

const stateByAreaCode: ReadonlyMap<string, string> = new Map(
  areaCodes.flatMap((line) => {
    const [state = '', codes = ''] = line.split(': ');
    return codes.split(' ').map((code) => [code, state] as const);
  }),
);

/** The week of a profile for a number: the intersection of every rule that may apply to it. */
export function weekFor(
  profile: Profile,
  number: { readonly e164: string; readonly country?: string | undefined },
): Week {
  const country = governedBy[number.country ?? ''] ?? number.country ?? '';
  switch (profile) {
    case 'off':
      return aroundTheClock;
    case 'requested':
      return (requestedRules[country] ?? requestedElsewhere).week;
    case 'strict': {
      const week = (strictRules[country] ?? strictElsewhere).week;
      return number.country === 'US' ? bothWeeks(week, stateWeek(number.e164)) : week;
    }
  }
}

/** The state of a United States number by its area code; undefined for toll-free numbers and codes newer than the table. */
export function stateOf(e164: string): string | undefined {
  const code = e164.slice(2, 5);
  return stateByAreaCode.get(code) ?? newAreaCodes[code]?.state;
}

// A number whose state is unknown may be in any of them.
function stateWeek(e164: string): Week {
  const state = stateOf(e164);
  if (state !== undefined) return stateRules[state]?.week ?? aroundTheClock;
  return Object.values(stateRules).reduce((week, rule) => bothWeeks(week, rule.week), aroundTheClock);
}
