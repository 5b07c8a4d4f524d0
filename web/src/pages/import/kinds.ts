/** The kinds of file that can be imported, as the address of the import has them. */
export const kinds = ['entitlements', 'employees', 'mappings', 'owners'] as const;
export type Kind = (typeof kinds)[number];

export const isKind = (text: string | null): text is Kind => kinds.some((k) => k === text);

export const kindTexts: Record<Kind, { label: string; hint: string }> = {
  entitlements: { label: 'Entitlements', hint: 'Who has access to what in one integration of an application' },
  employees: { label: 'Employees', hint: 'The people, as the HR system knows them' },
  mappings: { label: 'Mappings', hint: 'Which identity belongs to which employee' },
  owners: { label: 'Business owners', hint: 'Which employee answers for which entity' },
};
