/** CredentialHeaders are the headers that prove who asks, in the order in which they are sent. */
export type CredentialHeaders = readonly (readonly [name: string, value: string])[];

/** CredentialStore keeps headers by the URL prefix that they are for. `cmd/go/internal/auth: storeCredential, loadCredential, go1.26` */
export class CredentialStore {
  readonly #headers = new Map<string, CredentialHeaders>();

  /** set keeps headers for a prefix with or without https://; no headers forget it. */
  set(prefix: string, headers: CredentialHeaders): void {
    const key = trim(prefix);
    if (headers.length === 0) this.#headers.delete(key);
    else this.#headers.set(key, headers);
  }

  /** find gives the headers of the longest prefix of a URL, path element by path element; undefined without one. */
  find(url: string): CredentialHeaders | undefined {
    for (let prefix = trim(url); ; prefix = prefix.slice(0, prefix.lastIndexOf('/'))) {
      const headers = this.#headers.get(prefix);
      if (headers !== undefined || !prefix.includes('/')) return headers;
    }
  }
}

function trim(prefix: string): string {
  return prefix.replace(/^https:\/\//, '').replace(/\/$/, '');
}

/** basicHeaders is a name and a password as a server takes them. */
export function basicHeaders(login: string, password: string): CredentialHeaders {
  return [['Authorization', `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`]];
}
