import type { TextInput } from './text-input.ts';

/** WhatIfName is a setting that can be tried. */
export type WhatIfName = (typeof whatIfNames)[number];

/** whatIfNames are the settings that choose the way of a module, in the order of that way. */
export const whatIfNames = ['GOPROXY', 'GONOPROXY', 'GOPRIVATE', 'GONOSUMDB', 'GOSUMDB'] as const;

/** WhatIf is settings that are tried: nothing outside of the screen changes. */
export type WhatIf = {
  /** values as they are typed, passwords hidden where the present value has one. */
  readonly values: Readonly<Partial<Record<WhatIfName, string>>>;
  /** editing is the setting that is being typed, and what its value was before. */
  readonly editing:
    | { readonly name: WhatIfName; readonly input: TextInput; readonly before: string | undefined }
    | undefined;
};

export const noWhatIf: WhatIf = { values: {}, editing: undefined };

/** hasChanges says that something is tried. */
export function hasChanges({ whatIf }: { readonly whatIf: WhatIf }): boolean {
  return Object.keys(whatIf.values).length > 0;
}
