// Numbers that the metadata classifies as ordinary but that are expensive to call, or that no person answers. Dated data with
// sources: numbering plans change, so review it with every new version of the metadata.

import type { NumberReason } from '../../contract.js';
import { austrianAreaCode, germanAreaCode } from './area-code-patterns.js';

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
    pattern: /^614(?:80[08]|858|899|2010)\d+$/,
    reason: 'unsupported-type',
    what: 'satellite operator with mobile numbers (Pivotel)',
    source: 'Australia: register of numbers (ACMA), as in libphonenumber’s table of carriers',
  },
  {
    pattern: /^33(?:63800|6400[0-4]|7507[67])\d+$/,
    reason: 'unsupported-type',
    what: 'satellite operator with mobile numbers (Globalstar Europe)',
    source: 'France: ranges assigned by Arcep (MAJNUM), as in libphonenumber’s table of carriers',
  },
  {
    pattern: /^7760\d{7}$/,
    reason: 'unsupported-type',
    what: 'satellite network, code 760 (Kulan)',
    source:
      'Kazakhstan: plan of 2006 (codes 75x and 76x are for services other than mobile), operator as in libphonenumber’s table of carriers',
  },
  {
    pattern: /^6286\d+$/,
    reason: 'unsupported-type',
    what: 'codes 086x: packet networks and satellite telephones (0868), no cellular operator',
    source:
      'Indonesia: Fundamental Technical Plan, decree KM 28 of 2004 of the minister of transport, table of numbers',
  },
  {
    pattern: /^86(?:1349|174\d)\d{7}$/,
    reason: 'unsupported-type',
    what: 'satellite telephones 1349 and 174',
    source: 'China: plan of numbers for telecommunication networks, edition of 2017 (MIIT notice 68 of 13 April 2017)',
  },
  {
    // Subscribers' numbers have seven or eight digits and begin with 2 to 8.
    pattern: /^86(?:10|2\d|[3-9]\d\d)(?:1\d+|9[56]\d{3,4})$/,
    reason: 'unsupported-type',
    what: 'emergency, information services (160, 168) and hotlines of cities, carriers and banks (12345, 10086, 955xx, 96xxx) behind an area code',
    source: 'China: plan of numbers for telecommunication networks, edition of 2017 (MIIT), sections 2.3 to 2.5',
  },
  {
    // No subscriber's number begins with 11.
    pattern: new RegExp(`^49${germanAreaCode}(?:11(?:[0235]|6\\d{3}|8\\d{2,3})|192(?:22|40))$`),
    reason: 'unsupported-type',
    what: 'emergency, ambulance, poison centers, authorities and directory assistance behind an area code',
    source:
      'Germany: numbering plans for local numbers, short numbers 11x and nationwide numbers 19x (Bundesnetzagentur)',
  },
  {
    pattern: new RegExp(`^43${austrianAreaCode}1(?:12|18\\d{2,3}|2[28]|33|4[0-8])$`),
    reason: 'unsupported-type',
    what: 'emergency numbers and directory assistance behind an area code',
    source:
      'Austria: Kommunikationsparameter-, Entgelt- und Mehrwertdiensteverordnung (KEM-V), section on emergency numbers',
  },
  {
    // Subscribers' numbers have seven or eight digits and begin with 2 to 9.
    pattern: /^82(?:2|[3-6][1-5])1\d{2,3}$/,
    reason: 'unsupported-type',
    what: 'emergency (112, 119) and service numbers (114, 120, 131) behind an area code',
    source:
      'South Korea: detailed standards for telecommunication numbers (Ministry of Science and ICT), special numbers',
  },
  {
    pattern: /^56600\d{6,7}$/,
    reason: 'unsupported-type',
    what: 'services at shared cost, level 600',
    source: 'Chile: Plan Técnico Fundamental de Numeración Telefónica (decree 747 of 1999), complementary services',
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
