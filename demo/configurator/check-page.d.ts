export function originOf(typed: string): string | undefined;
export function checkPage(origin: string | undefined): Promise<string>;
