/** RootPlace is where this system keeps its roots: `ask/roots/scan.ts: TrustedRoots`. */
export type RootPlace = {
  readonly certFile: string | undefined;
  /** isOwnChoice says that SSL_CERT_FILE or SSL_CERT_DIR stands before the roots of the system. */
  readonly isOwnChoice: boolean;
  readonly store:
    | { readonly directory: string; readonly extension: string; readonly command: string }
    | undefined;
};

/** ServerPlace is the server that is spoken of. */
export type ServerPlace = { readonly host: string; readonly port: number };

/** lastResort is said last, with its price; it is of no use for a proxy. `cmd/go/internal/modfetch: (*proxyRepo).getBody, go1.26` */
export const lastResort =
  'last resort, and only for modules that go fetches without a proxy: go env -w GOINSECURE=MODULE; then nobody checks who answers, and whoever stands in between can put code into your build';

/** trustRepair makes Go on this system trust what lies in a file. */
export function trustRepair(file: string, place: RootPlace): readonly string[] {
  const { certFile, isOwnChoice, store } = place;
  const name = `company-root${store?.extension ?? ''}`;
  const intoStore =
    store === undefined ? [] : [`sudo cp ${file} ${store.directory}/${name} && sudo ${store.command}`];
  if (isOwnChoice && certFile !== undefined) return [`cat ${file} >> ${certFile}`, ...intoStore];
  const all = certFile === undefined ? file : `${certFile} ${file}`;
  return [...intoStore, `for you alone: cat ${all} > ~/roots.pem && export SSL_CERT_FILE=~/roots.pem`];
}

/** showChain is the command that shows what a server sends. */
export function showChain({ host, port }: ServerPlace): string {
  const name = /^[\d.]+$|:/.test(host) ? '' : ` -servername ${host}`;
  const at = host.includes(':') ? `[${host}]` : host;
  return `openssl s_client -connect ${at}:${port}${name} -showcerts </dev/null`;
}

/** saveLast writes the last certificate that a server sends into a file. */
export function saveLast(server: ServerPlace, file: string): string {
  return `${showChain(server)} 2>/dev/null | awk '/BEGIN CERT/{c=""} {c=c $0 "\\n"} /END CERT/{l=c} END{printf "%s", l}' > ${file}`;
}
