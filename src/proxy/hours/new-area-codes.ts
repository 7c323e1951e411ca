// Area codes of the United States and Canada that are in service or about to be and that the metadata and the generated tables
// do not know yet. Dated; remove a line once the metadata has the code, which a test reports.

// Last compared with NANPA's planning letters and CNAC's relief plans in November 2026.

/** A new area code: its country, its state where it has one, and the code it overlays, whose time zones it has. */
export interface NewAreaCode {
  readonly country: 'US' | 'CA';
  readonly state?: string;
  readonly overlays: string;
}

/** By area code. */
export const newAreaCodes: Readonly<Record<string, NewAreaCode>> = {
  '273': { country: 'CA', overlays: '418' },
  '357': { country: 'US', state: 'CA', overlays: '559' },
  '436': { country: 'US', state: 'OH', overlays: '440' },
  '457': { country: 'US', state: 'LA', overlays: '318' },
  '465': { country: 'US', state: 'NY', overlays: '718' },
  '471': { country: 'US', state: 'MS', overlays: '662' },
  '483': { country: 'US', state: 'AL', overlays: '334' },
  '621': { country: 'US', state: 'TX', overlays: '713' },
  '624': { country: 'US', state: 'NY', overlays: '716' },
  '679': { country: 'US', state: 'MI', overlays: '313' },
  '729': { country: 'US', state: 'TN', overlays: '423' },
  '837': { country: 'US', state: 'CA', overlays: '530' },
  '861': { country: 'US', state: 'IL', overlays: '309' },
};

// Every country and territory of the North American plan except the United States and Canada.
const islandCodes: ReadonlySet<string> = new Set(
  '242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 787 809 829 849 868 869 876 939'.split(
    ' ',
  ),
);

/** The area code of a +1 number in the United States or Canada. Undefined for every other number. */
export function mainlandAreaCode(e164: string): string | undefined {
  const code = /^\+1([2-9]\d\d)[2-9]\d{6}$/.exec(e164)?.[1];
  return code !== undefined && !islandCodes.has(code) ? code : undefined;
}
