/** timeJson is a time in Unix milliseconds as JSON has it, RFC 3339; what is not known is null. */
export function timeJson(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}
