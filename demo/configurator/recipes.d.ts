export interface Recipe {
  readonly id: string;
  readonly name: string;
  readonly needsDataLayer?: boolean;
  readonly hint: string;
  readonly code: string;
}
export const recipes: readonly Recipe[];
