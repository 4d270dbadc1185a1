import { createHash } from 'node:crypto';
import type { ActionId } from '../go/ids.ts';

/**
 * subkey is the action ID of something that belongs to another action, as its output text (`stdout`, `link-stdout`),
 * its list of source files (`srcfiles`) or a generated file by its name: sha256("subkey:" + parent + name).
 * cmd/go/internal/cache: Subkey, go1.26
 */
export function subkey(parent: ActionId, name: string): ActionId {
  const hash = createHash('sha256').update('subkey:').update(Buffer.from(parent, 'hex')).update(name);
  return hash.digest('hex') as ActionId;
}
