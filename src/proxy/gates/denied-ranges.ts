// Numbers that the metadata classifies as ordinary but that are expensive to call, or that no person answers. Dated data with
// sources: numbering plans change, so review it with every new version of the metadata.

import type { NumberReason } from '../../contract.js';

// Last compared with their sources in November 2026.

/** Numbers that are never called. */
export interface DeniedRange {
  /** Of the E.164 digits, without the plus. */
  readonly pattern: RegExp;
  readonly reason: Extract<NumberReason, 'premium-rate' | 'unsupported-type'>;
  readonly what: string;
  readonly source: string;
}

const nanp =
  'ATIS-0300051, Central Office Code (NXX) Assignment Guidelines, and NANPA’s lists of codes in use and reserved';

/** The ranges. */
export const deniedRanges: readonly DeniedRange[] = [
  { pattern: /^1\d{3}976\d{4}$/, reason: 'premium-rate', what: 'pay-per-call exchange 976', source: nanp },
  { pattern: /^1900\d{7}$/, reason: 'premium-rate', what: 'pay per call', source: nanp },
  {
    pattern: /^1\d{3}555(?:1212|4334)$/,
    reason: 'unsupported-type',
    what: 'directory assistance, charged',
    source: nanp,
  },
  { pattern: /^1\d{3}95[089]\d{4}$/, reason: 'unsupported-type', what: 'carrier access and test lines', source: nanp },
  { pattern: /^1\d{3}[2-9]11\d{4}$/, reason: 'unsupported-type', what: 'service codes 211 to 911', source: nanp },
  {
    // Easily recognizable codes (two equal digits behind the first) are services everywhere in the plan: Canada's 600 for
    // satellite phones, personal 500, carriers' 700, toll-free 800.
    pattern: /^1[2-9](\d)\1\d{7}$/,
    reason: 'unsupported-type',
    what: 'area codes of services: 500, 600, 622, 700, 800 and their kind',
    source: nanp,
  },
  {
    pattern: /^1(?:456|52[1-9]|710|88\d)\d{7}$/,
    reason: 'unsupported-type',
    what: 'inbound international, personal, government emergency, toll-free',
    source: nanp,
  },
  {
    pattern: /^6114[57]\d{6}$/,
    reason: 'unsupported-type',
    what: 'satellite telephones 0145 and 0147',
    source: 'Australia: Telecommunications Numbering Plan 2015, schedule 4',
  },
  {
    pattern: /^7954\d{7}$/,
    reason: 'unsupported-type',
    what: 'satellite operator, code 954',
    source: 'Russia: register of numbering capacity, codes ABC and DEF',
  },
  {
    pattern: /^7760\d{7}$/,
    reason: 'unsupported-type',
    what: 'satellite network, code 760',
    source: 'Kazakhstan: national numbering plan as reported to the ITU',
  },
  {
    pattern: /^62868\d+$/,
    reason: 'unsupported-type',
    what: 'satellite telephones 0868',
    source: 'Indonesia: Fundamental Technical Plan, as reported to the ITU',
  },
  {
    pattern: /^86(?:1349|174[09])\d{7}$/,
    reason: 'unsupported-type',
    what: 'satellite telephones 1349, 1740 and 1749',
    source: 'China: numbers assigned to mobile and satellite operators (MIIT)',
  },
  {
    // Subscribers' numbers have seven or eight digits and begin with none of these.
    pattern: /^86(?:10|2\d|[3-9]\d\d)(?:1\d{2,5}|9[56]\d{3,4})$/,
    reason: 'unsupported-type',
    what: 'hotlines of cities, carriers and banks (12345, 10086, 955xx, 96xxx) behind an area code',
    source: 'China: plan of codes for telecommunication networks (MIIT), short numbers',
  },
  {
    // No subscriber's number begins with 11; area codes of two and three digits.
    pattern: /^49(?:(?:30|40|69|89)11(?:[0235]|6\d{3}|8\d{2,3})|[2-9]\d\d11[0235])$/,
    reason: 'unsupported-type',
    what: 'emergency, authorities and directory assistance behind an area code',
    source: 'Germany: numbering plan for local numbers and for short numbers 11x (Bundesnetzagentur)',
  },
  {
    pattern: /^43(?:1|316|463|512|662|732)1(?:12|2[28]|33|4[0-8])$/,
    reason: 'unsupported-type',
    what: 'emergency numbers behind an area code',
    source:
      'Austria: Kommunikationsparameter-, Entgelt- und Mehrwertdiensteverordnung (KEM-V), section on emergency numbers',
  },
  {
    pattern: /^91160\d{7}$/,
    reason: 'unsupported-type',
    what: 'numbers that authorities and banks call from',
    source: 'India: Department of Telecommunications, office memorandum of 28 May 2024 on the 160 series',
  },
  {
    pattern: /^7[89]40\d{7}$/,
    reason: 'unsupported-type',
    what: 'networks of Abkhazia, codes 840 and 940, which are reached at rates of their own',
    source: 'Russia and Abkhazia: memorandum of 28 September 2009 on telephone codes',
  },
];

/** Why a number is never called; undefined for all others. */
export function deniedReason(e164: string): DeniedRange['reason'] | undefined {
  const digits = e164.replace(/^\+/, '');
  return deniedRanges.find(({ pattern }) => pattern.test(digits))?.reason;
}
