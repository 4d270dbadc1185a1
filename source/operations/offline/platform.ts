/** Platform is a GOOS and a GOARCH, as `linux/amd64`. */
export type Platform = { readonly goos: string; readonly goarch: string };

/** parsePlatform reads `linux/arm64`; undefined for another form. Whether Go knows it, go list says. */
export function parsePlatform(text: string): Platform | undefined {
  const match = /^([a-z][a-z0-9]*)\/([a-z][a-z0-9]*)$/.exec(text);
  const [, goos, goarch] = match ?? [];
  return goos === undefined || goarch === undefined ? undefined : { goos, goarch };
}

/** formatPlatform writes it as Go does. */
export function formatPlatform({ goos, goarch }: Platform): string {
  return `${goos}/${goarch}`;
}
