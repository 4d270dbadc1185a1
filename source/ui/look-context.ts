import { createContext, useContext } from 'react';
import type { Look } from './theme.ts';

/** LookContext holds how the screen is drawn here; it never changes while the screen is open. */
export const LookContext = createContext<Look>({ isAscii: false, isQuiet: false, home: undefined });

/** useLook is how the screen is drawn here. */
export function useLook(): Look {
  return useContext(LookContext);
}
