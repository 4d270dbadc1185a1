import type { DoctorFacts } from '../facts.ts';
import { type Finding, finder } from '../finding.ts';
import type { AskedHop } from '../network/facts.ts';

/** checkNetwork: what answered, of what was asked because of `--network`. */
export function checkNetwork({ network }: DoctorFacts): readonly Finding[] {
  if (network === undefined) return [];
  const asked: readonly (readonly [string, AskedHop])[] = [
    ...network.hops.map((hop) => ['GOPROXY', hop] as const),
    ...(network.sumdb === undefined ? [] : [['GOSUMDB', network.sumdb] as const]),
  ];
  return asked.flatMap(([name, { shown, fault, isPassedOver }]) => {
    if (fault === undefined) return [];
    const next = isPassedOver ? 'go goes on to the next entry after this' : 'go stops there';
    const says = fault.goSays === undefined ? next : `${next}, and says: ${fault.goSays}`;
    const code = name === 'GOSUMDB' ? `sumdb-${fault.code}` : fault.code;
    return [
      finder(isPassedOver ? 'warning' : 'error', `${name} ${shown}`)(code, fault.detail, says, fault.repair),
    ];
  });
}
