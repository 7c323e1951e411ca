// Where the area code ends in plans whose codes have different lengths, as patterns of the digits behind the calling code. Only for
// denied-ranges.ts: what follows a code is a subscriber's number or a service's.

const digits = (list: string): string => list.split(' ').join('|');

// Codes of two and three digits, and the first four digits of the codes of five. No code is a prefix of another, except Solingen’s 212
// of Haan’s 2129.
const germanShort = digits(
  '30 40 69 89 201 202 203 208 209 211 212(?!9) 214 221 228 231 234 241 251 261 271 281 291 331 335 340 341 345 351 355 361 365 371 375 381 385 391 395 421 431 441 451 461 465 471 481 491 511 521 531 541 551 561 571 581 591 611 621 631 641 651 661 671 681 711 721 731 741 751 760 761 771 781 791 811 821 831 841 851 861 871 881 906 911 921 931 941 951 961 971 981 991',
);
const germanLong = digits(
  '330[589] 332[03] 333[369] 334[357] 336[0357] 337[0346] 338[347] 339[23678] 342[02469] 343[2468] 344[2469] 346[03579] 347[2478] 349[0257] 350[235] 352[046] 353[2468] 354[357] 356[09] 357[2579] 358[2479] 359[357] 360[2478] 362[05] 363[37] 364[2568] 366[02459] 367[03468] 368[47] 369[246] 372[09] 373[2468] 374[236] 3760 3775 382[0239] 383[023579] 384[2568] 387[23589] 388[2457] 390[03568] 392[02469] 393[24689] 394[0258] 3960 397[2457] 398[23568] 399[23579]',
);

/** German area codes (Bundesnetzagentur, list of local networks). */
export const germanAreaCode: string = `(?:${germanShort}|(?:${germanLong})\\d|(?!${germanShort}|${germanLong})[2-9]\\d{3})`;

// Vienna and the cities; behind 5[079], 517, 720 and 780 are companies’ numbers, behind 65 to 69 mobile ones.
const austrianShort = digits('1 316 463 512 662 732');

/** Austrian area codes (KEM-V, annex 2). */
export const austrianAreaCode: string = `(?:${austrianShort}|(?!${austrianShort}|5[079]|517|65[0-3579]|6[6-9]|720|780)[2-7]\\d{3})`;
